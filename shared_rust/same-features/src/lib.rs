//! Nothing: a list of dependencies, for their features only.
//!
//! Cargo compiles a dependency once for each set of features that a build asks for, and again all that stands on it.
//! Lab 02's wheel and lab 04's extension are built each for itself and need less than lab 03's functions; without this,
//! the wheel's build would compile the AWS SDK once more.

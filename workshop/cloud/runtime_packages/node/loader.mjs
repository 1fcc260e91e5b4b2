// Finds the handler: `directory/module.name`, where the name may have parts (`app.api.get`).
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.mjs';

export async function load(spec, root) {
  const { directory, module, name } = parse(spec);
  const exported = await importModule(path.resolve(root, directory, module), root);
  const handler = find(exported, name) ?? find(exported.default, name);
  if (typeof handler !== 'function') {
    const what = handler === undefined ? 'undefined or not exported' : 'not a function';
    throw new RuntimeError('HandlerNotFound', `${spec} is ${what}`);
  }
  return handler;
}

function parse(spec) {
  const parts = /^([^.]+)\.(.+)$/.exec(path.basename(spec));
  if (spec.includes('..') || !parts) {
    throw new RuntimeError('MalformedHandlerName', `'${spec}' is no handler: it has the form 'file.function'`);
  }
  return { directory: path.dirname(spec), module: parts[1], name: parts[2] };
}

const find = (exported, name) => name.split('.').reduce((value, part) => value?.[part], exported);

async function importModule(base, root) {
  const file = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find((candidate) => existsSync(candidate));
  if (!file) {
    throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${path.basename(base)}' in ${path.dirname(base)}`);
  }
  try {
    return isModule(file, root) ? await import(pathToFileURL(file)) : createRequire(file)(file);
  } catch (error) {
    throw inAwsWords(error);
  }
}

function isModule(file, root) {
  return file.endsWith('.mjs') || (file.endsWith('.js') && packageType(path.dirname(file), root) === 'module');
}

// `type` of the nearest package.json, not looking above the function's own directory.
function packageType(directory, root) {
  const manifest = path.join(directory, 'package.json');
  if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type;
  const above = path.dirname(directory);
  return directory === path.resolve(root) || above === directory ? undefined : packageType(above, root);
}

function inAwsWords(error) {
  if (['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code)) {
    return new RuntimeError('ImportModuleError', `Error: ${error.message}`);
  }
  if (error instanceof SyntaxError) return new RuntimeError('UserCodeSyntaxError', `SyntaxError: ${error.message}`);
  return error;
}

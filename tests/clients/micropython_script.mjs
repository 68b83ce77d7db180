// Runs a script in the npm registry's MicroPython.
//
// usage: micropython_script.mjs NODE_MODULES SCRIPT

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packages, script] = process.argv.slice(2);
const directory = `${packages}/@micropython/micropython-webassembly-pyscript`;
const { loadMicroPython } = await import(pathToFileURL(`${directory}/micropython.mjs`));
const lines = [];
const micropython = await loadMicroPython({
    heapsize: 8 << 20,
    stdout: (line) => lines.push(line),
    linebuffer: true,
});
try {
    micropython.runPython(readFileSync(script, "utf8"));
} finally {
    console.log(lines.join("\n"));
}

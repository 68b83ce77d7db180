// Runs .mpy files of ours in the MicroPython that the npm registry carries; every run has a limit.
//
// usage: node micropython_runtime.mjs OCTOPY PACKAGES DIRECTORY
//
// Each program of the directory runs there twice: from source, which that MicroPython compiles, and
// from the .mpy file that OCTOPY makes of it. Output and traceback must be the same, whatever they
// are: its library is not ours.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGE = "@micropython/micropython-webassembly-pyscript/micropython.mjs";
const LIMIT = 30_000;
// What is not for that MicroPython, and why.
const UNFIT = {
    "import_damaged.py": "it runs whatever is in a .mpy file",
    "interrupt_natives.py": "it has no Ctrl-C there, and waits for it",
    "object_sizes.py": "its objects have other sizes",
    "text_limits.py": "takes minutes there",
};
const HEAP = 32 << 20;

// In a process of its own: imports a program, in source or compiled, and prints what it prints.
async function run(packages, file, name) {
    const { loadMicroPython } = await import(pathToFileURL(join(packages, PACKAGE)).href);
    const written = [];
    const stdout = (bytes) => written.push(...bytes);
    const runtime = await loadMicroPython({ stdout, linebuffer: false, heapsize: HEAP });
    let end = "";
    try {
        runtime.FS.writeFile(`/${name}`, readFileSync(file));
        runtime.runPython(`import sys\nsys.path[:] = [""]\nimport ${name.split(".")[0]}\n`);
    } catch (error) {
        end = error.message ?? String(error);
    }
    process.stdout.write(Buffer.from(written));
    process.stdout.write(end);
}

// What a process wrote, or how it ended.
function output(command, ...args) {
    const ended = spawnSync(command, args, { timeout: LIMIT, maxBuffer: 64 << 20 });
    if (ended.error || ended.status !== 0) {
        return { failed: true, text: `${ended.error ?? ended.stderr}` };
    }
    return { failed: false, text: ended.stdout.toString() };
}

// Whether a program was no program for that MicroPython.
function isRefused(text, name) {
    const [where, what] = text.trimEnd().split("\n").slice(-2);
    return /^ {2}File "[^"]*", line \d+$/.test(where) && where.includes(`"${name}"`) && what.startsWith("SyntaxError");
}

// The first line in which two texts differ.
function difference(left, right) {
    const [lines, others] = [left.split("\n"), right.split("\n")];
    const at = lines.findIndex((line, index) => line !== others[index]);
    const index = at < 0 ? lines.length : at;
    return `line ${index + 1}: ${JSON.stringify(others[index])} instead of ${JSON.stringify(lines[index])}`;
}

function compareAll(octopy, packages, directory) {
    const self = fileURLToPath(import.meta.url);
    const work = mkdtempSync(join(tmpdir(), "octopy-mpy-"));
    const names = readdirSync(directory).filter((name) => name.endsWith(".py")).sort();
    const count = { same: 0, other: 0, without: 0 };
    const without = (name, why) => {
        count.without += 1;
        console.log(`not compared: ${name}: ${why}`);
    };
    for (const name of names) {
        if (name in UNFIT) {
            without(name, UNFIT[name]);
            continue;
        }
        const source = join(directory, name);
        const compiled = join(work, name.replace(/py$/, "mpy"));
        const there = (file) => output(process.execPath, self, "run", packages, file, basename(file));
        const theirs = there(source);
        if (theirs.failed) {
            without(name, theirs.text.split("\n")[0]);
            continue;
        }
        if (isRefused(theirs.text, name)) {
            without(name, "its compiler knows less of the language");
            continue;
        }
        const made = output(octopy, "compile", "-s", name, "-o", compiled, source);
        const ours = made.failed ? made : there(compiled);
        if (ours.text === theirs.text) {
            count.same += 1;
        } else if (!ours.failed && there(source).text !== theirs.text) {
            without(name, "differs from run to run");
        } else {
            count.other += 1;
            console.log(`FAIL ${name}: ${difference(theirs.text, ours.text)}`);
        }
    }
    rmSync(work, { recursive: true });
    console.log(`${count.same} the same, ${count.other} different, ${count.without} not compared`);
    return count.same > 0 && count.other === 0;
}

const [first, ...rest] = process.argv.slice(2);
if (first === "run") {
    await run(...rest);
} else if (rest.length !== 2) {
    console.error("usage: node micropython_runtime.mjs OCTOPY PACKAGES DIRECTORY");
    process.exitCode = 2;
} else {
    process.exitCode = compareAll(...[first, ...rest].map((path) => resolve(path))) ? 0 : 1;
}

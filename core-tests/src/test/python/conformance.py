"""Runs the programs of the folder conformance, and writes what they print into the .expected files that ConformanceTest reads.

    python3.13 core-tests/src/test/python/conformance.py            all of them
    python3.13 core-tests/src/test/python/conformance.py NAME…      some

It takes a CPython 3.13 or newer. Programs whose second line is "# needs 3.14" or the like are left out by older ones, and their
files left as they are. It says which files have changed: none has, unless a program has, or CPython.
"""

import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / 'conformance'
EXPECTED = HERE.parent / 'resources' / 'asyncio' / 'conformance'


def needs(program):
    version = re.search(r'^# needs (\d+)\.(\d+)', program.read_text('utf-8'), re.MULTILINE)
    return (int(version[1]), int(version[2])) if version else (3, 13)


def run(program):
    done = subprocess.run(
        [sys.executable, '-X', 'utf8', str(program)],
        stdout=subprocess.PIPE, timeout=60, env=os.environ | {'PYTHONHASHSEED': '0'}, stderr=subprocess.PIPE)
    return program, done


def main(names):
    if sys.version_info < (3, 13):
        sys.exit('this needs a CPython 3.13 or newer')
    programs = [PROGRAMS / (name + '.py') for name in names] or sorted(PROGRAMS.glob('*.py'))
    fitting = [program for program in programs if needs(program) <= sys.version_info[:2]]
    changed = failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for program, done in pool.map(run, fitting):
            if done.returncode:
                failed += 1
                print(f'{program.stem} failed:\n{done.stderr.decode()}')
                continue
            file = EXPECTED / (program.stem + '.expected')
            if not file.exists() or file.read_bytes() != done.stdout:
                changed += 1
                print(f'{program.stem} prints something else than before')
                file.write_bytes(done.stdout)
    for program in programs:
        if program not in fitting:
            print('%s is left as it is: it needs %d.%d' % (program.stem, *needs(program)))
    print(f'{len(fitting)} programs, {changed} files changed, {failed} failed')
    sys.exit(failed > 0)


if __name__ == '__main__':
    main(sys.argv[1:])

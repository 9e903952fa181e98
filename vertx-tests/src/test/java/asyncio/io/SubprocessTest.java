package asyncio.io;

import static asyncio.Asyncio.*;
import static asyncio.io.Stdio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs of a Unix system. Where a value is Python's, it was tried with CPython 3.13. */
@Timeout(120)
class SubprocessTest {
    private final Children children = new Children();

    @TempDir
    Path folder;

    @AfterEach
    void nothingIsLeft() throws Exception {
        children.checkNothingIsLeft();
    }

    private static Command sh(String line) {
        return Command.exec("sh", "-c", line);
    }

    private static String output(Command command) throws Exception {
        return await(command.run()).checkReturncode().stdoutText();
    }

    // ---- starting

    @Test
    void argumentsArePassedAsTheyAre() throws Exception {
        run(() -> assertEquals(
                "[$HOME][a  b][][ä'\"\\]", output(Command.exec("printf", "[%s]", "$HOME", "a  b", "", "ä'\"\\"))));
    }

    @Test
    void environmentIsReplacedOrAddedTo() throws Exception {
        run(() -> {
            var print = Command.exec("/usr/bin/env");
            assertEquals("A=1\n", output(print.withEnv(Map.of("A", "1"))));
            assertEquals("", output(print.withEnv(Map.of())));
            var all = output(print.withEnv("ADDED", "ü").withEnv("PATH", null))
                    .lines()
                    .toList();
            assertTrue(all.contains("ADDED=ü"), all.toString());
            assertTrue(all.stream().noneMatch(line -> line.startsWith("PATH=")), all.toString());
            assertEquals(System.getenv().containsKey("PATH"), output(print).contains("PATH="));
        });
    }

    // create_subprocess_exec('mine', env={'PATH': …}) finds what is there; 'ls' raises FileNotFoundError then
    @Test
    void programIsLookedForWhereItsOwnPathSays() throws Exception {
        var mine = Files.writeString(folder.resolve("mine"), "#!/bin/sh\necho mine\n");
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("plain"), "no program");
        run(() -> {
            var path = Map.of("PATH", folder + ":/bin");
            assertEquals("mine\n", output(Command.exec("mine").withEnv(path)));
            assertEquals("mine\n", output(Command.exec("mine").withEnv("PATH", "/no/such:" + folder)));
            assertEquals(
                    "mine\n",
                    output(Command.exec("mine").withEnv(Map.of("PATH", "")).withCwd(folder)));
            var nowhere = Map.of("PATH", folder.toString());
            assertThrows(
                    NoSuchFileException.class,
                    () -> await(Command.exec("ls").withEnv(nowhere).start()));
            assertThrows(
                    AccessDeniedException.class,
                    () -> await(Command.exec("plain").withEnv(nowhere).start()));
            assertThrows(
                    NoSuchFileException.class,
                    () -> await(Command.exec("mine").withEnv(Map.of()).start()));
        });
    }

    @Test
    void startsInADirectory() throws Exception {
        run(() -> assertEquals(
                folder.toRealPath() + "\n", output(Command.exec("pwd", "-P").withCwd(folder))));
    }

    @Test
    void whatCannotBeStartedRaises() throws Exception {
        var plain = Files.writeString(folder.resolve("plain"), "no program");
        var missing = folder.resolve("missing");
        run(() -> {
            var error = assertThrows(NoSuchFileException.class, () -> await(Subprocess.exec("/no/such/program")));
            assertEquals("/no/such/program", error.getFile());
            assertThrows(NoSuchFileException.class, () -> await(Subprocess.exec("no-such-program-anywhere")));
            assertEquals(
                    plain.toString(),
                    assertThrows(AccessDeniedException.class, () -> await(Subprocess.exec(plain.toString())))
                            .getFile());
            assertThrows(AccessDeniedException.class, () -> await(Subprocess.exec(folder.toString())));
            assertThrows(NotDirectoryException.class, () -> await(Subprocess.exec(plain + "/x")));
            var inMissing = assertThrows(
                    NoSuchFileException.class,
                    () -> await(Command.exec("true").withCwd(missing).start()));
            assertEquals(missing + ": no such working directory", inMissing.getMessage());
            assertThrows(
                    NotDirectoryException.class,
                    () -> await(Command.shell("true").withCwd(plain).start()));
            assertEquals(
                    missing.toString(),
                    assertThrows(
                                    NoSuchFileException.class,
                                    () -> await(Command.exec("cat")
                                            .withStdin(file(missing))
                                            .start()))
                            .getFile());
        });
    }

    // open(…) of these files raises FileNotFoundError and IsADirectoryError
    @Test
    void filesThatCannotBeOpenedRaise() throws Exception {
        var deep = folder.resolve("missing (1)").resolve("file");
        run(() -> {
            for (var command : List.of(
                    Command.exec("true").withStdin(file(folder)),
                    Command.exec("true").withStdout(file(folder)),
                    Command.exec("true").withStderr(appendTo(folder)))) {
                var error = assertThrows(FileSystemException.class, () -> await(command.start()));
                assertEquals(folder + ": Is a directory", error.getMessage());
            }
            for (var command : List.of(
                    Command.exec("true").withStdin(file(deep)),
                    Command.exec("true").withStdout(file(deep)),
                    Command.exec("true").withStderr(appendTo(deep)))) {
                var error = assertThrows(NoSuchFileException.class, () -> await(command.start()));
                assertEquals(deep.toString(), error.getFile());
            }
        });
    }

    @Test
    void badArgumentsAreRefused() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> Command.exec("echo", "a\0b"));
        assertThrows(IllegalArgumentException.class, () -> Command.shell("echo \0"));
        assertThrows(IllegalArgumentException.class, () -> Command.exec(""));
        assertThrows(IllegalArgumentException.class, () -> Command.exec(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Command.exec("env").withEnv("A=B", "c"));
        assertThrows(IllegalArgumentException.class, () -> Command.exec("env").withEnv(Map.of("A", "\0")));
        assertThrows(IllegalArgumentException.class, () -> Command.exec("cat").withStdin(STDOUT));
        assertThrows(IllegalArgumentException.class, () -> Command.exec("cat").withStdout(STDOUT));
        assertThrows(IllegalArgumentException.class, () -> Command.exec("cat").withLimit(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> Command.exec("cat").withStdin(DEVNULL).run(new byte[1]));
        var error = assertThrows(NullPointerException.class, () -> Command.exec("cat", (String) null));
        assertEquals("exec: an argument is null", error.getMessage());
    }

    @Test
    void filesAreRedirectedTo() throws Exception {
        var in = Files.writeString(folder.resolve("in"), "b\na\n");
        var out = Files.writeString(folder.resolve("out"), "what was there");
        run(() -> {
            var sorting = Command.exec("sort").withStdin(file(in));
            assertEquals(0, await(await(sorting.withStdout(file(out)).start()).waitEnded()));
            assertEquals("a\nb\n", Files.readString(out));
            await(await(sorting.withStdout(appendTo(out)).start()).waitEnded());
            assertEquals("a\nb\na\nb\n", Files.readString(out));
        });
    }

    @Test
    void stderrGoesWhereStdoutGoes() throws Exception {
        run(() -> {
            var done = await(
                    sh("echo one; echo two >&2; echo three").withStderr(STDOUT).run());
            assertEquals("one\ntwo\nthree\n", done.stdoutText());
            assertNull(done.stderr());
            var silent = await(sh("echo one; echo two >&2").withStderr(DEVNULL).run());
            assertEquals("one\n", silent.stdoutText());
        });
    }

    @Test
    void whatIsNoPipeSaysHowToMakeItOne() throws Exception {
        run(() -> {
            var process = await(Command.exec("true").withStdout(DEVNULL).start());
            var error = assertThrows(IllegalStateException.class, process::stdout);
            assertEquals(
                    "stdout of <Process " + process.pid()
                            + "> is not a pipe; make it one with Command.withStdout(Stdio.PIPE)",
                    error.getMessage());
            assertThrows(IllegalStateException.class, () -> process.communicate(new byte[1]));
            await(process.waitEnded());
        });
    }

    // ---- output and input

    @Test
    void hundredMegabytesOfStderrWhileStdoutIsRead() throws Exception {
        run(() -> {
            var process = await(sh("head -c 100000000 /dev/zero >&2; echo done")
                    .withStdout(PIPE)
                    .withStderr(PIPE)
                    .start());
            var counting = createTask(async(() -> {
                long count = 0;
                for (var part = await(process.stderr().read(1 << 20)); part.length > 0; ) {
                    count += part.length;
                    part = await(process.stderr().read(1 << 20));
                }
                return count;
            }));
            assertEquals("done\n", new String(await(process.stdout().readline()), UTF_8));
            assertEquals(100_000_000L, await(counting));
            assertEquals(0, await(process.waitEnded()));
        });
    }

    @Test
    void communicateFeedsAndReadsBothAtOnce() throws Exception {
        var input = new byte[10_000_000];
        for (int i = 0; i < input.length; i++) input[i] = (byte) (i * 31);
        run(() -> {
            var process = await(sh("tee /dev/stderr").withPipes().start());
            var done = await(process.communicate(input));
            assertArrayEquals(input, done.stdout());
            assertArrayEquals(input, done.stderr());
            assertEquals(0, done.returncode());
        });
    }

    @Test
    void communicateIgnoresThatTheProgramReadsNothing() throws Exception {
        run(() -> {
            var process = await(sh("exec <&-; echo done").withPipes().start());
            assertEquals(
                    "done\n", await(process.communicate(new byte[5_000_000])).stdoutText());
            assertEquals(3, await(sh("exit 3").run(new byte[5_000_000])).returncode());
        });
    }

    @Test
    void compressedBytesComeBack() throws Exception {
        run(() -> {
            var text = "asyncio ".repeat(10_000).getBytes(UTF_8);
            var small = await(Command.exec("gzip", "-c").run(text))
                    .checkReturncode()
                    .stdout();
            assertTrue(small.length < text.length / 50, "" + small.length);
            assertArrayEquals(
                    text, await(Command.exec("gzip", "-dc").run(small)).stdout());
        });
    }

    @Test
    void linesGoBackAndForth() throws Exception {
        run(() -> {
            var process = await(Command.exec("python3", "-uc", "while True: print(int(input()) * 2)")
                    .withPipes()
                    .start());
            try (var stdin = process.stdin()) {
                for (int i = 0; i < 100; i++) {
                    stdin.write(i + "\n");
                    await(stdin.drain());
                    assertEquals(2 * i + "\n", new String(await(process.stdout().readline()), UTF_8));
                }
            }
            assertEquals(1, await(process.waitEnded()));
            assertTrue(new String(await(process.stderr().read()), UTF_8).contains("EOFError"));
        });
    }

    @Test
    void programThatWritesWaitsForItsReader() throws Exception {
        run(() -> {
            int size = 10_000_000;
            with(
                    await(Command.exec("head", "-c", "" + size, "/dev/zero")
                            .withStdout(PIPE)
                            .start()),
                    process -> {
                        var io = Path.of("/proc", "" + process.pid(), "io");
                        // It has written what the pipe, the transport and the reader take, and sleeps.
                        String before = "";
                        for (var now = Files.readString(io); !now.equals(before); now = Files.readString(io)) {
                            before = now;
                            await(sleep(ofMillis(300)));
                        }
                        assertNull(process.returncode());
                        assertEquals(size, await(process.stdout().read()).length);
                        assertEquals(0, await(process.waitEnded()));
                    });
        });
    }

    @Test
    void writerWaitsForAProgramThatDoesNotRead() throws Exception {
        run(() -> {
            var process = await(Command.exec("sleep", "60").withStdin(PIPE).start());
            process.stdin().write(new byte[1_000_000]);
            assertThrows(
                    TimeoutException.class, () -> await(waitFor(process.stdin().drain(), ofMillis(100))));
            var draining = createTask(process.stdin().drain());
            process.kill();
            var error = assertThrows(SocketException.class, () -> await(draining));
            assertEquals("Broken pipe", error.getMessage());
            assertEquals(-9, await(process.waitEnded()));
        });
    }

    @Test
    void stdinOfAProgramThatHasEndedIsClosed() throws Exception {
        run(() -> {
            var process = await(Command.exec("true").withStdin(PIPE).start());
            await(process.stdin().waitClosed());
            assertTrue(process.stdin().isClosing());
            process.stdin().write("lost");
            assertThrows(SocketException.class, () -> await(process.stdin().drain()));
            assertEquals(0, await(process.waitEnded()));
        });
    }

    @Test
    void programsThatEndAtOnceLeaveNoOneWaiting() throws Exception {
        run(() -> {
            var ends = new ArrayList<Coroutine<Integer>>();
            for (int i = 0; i < 40; i++) {
                ends.add(async(() -> {
                    var process = await(Command.exec("true").withPipes().start());
                    await(process.stdin().waitClosed());
                    assertEquals(0, await(process.stdout().read()).length);
                    assertEquals(0, await(process.stderr().read()).length);
                    return await(process.waitEnded());
                }));
            }
            assertEquals(Collections.nCopies(40, 0), await(gather(ends)));
        });
    }

    @Test
    void writeEofEndsTheInput() throws Exception {
        run(() -> {
            var process =
                    await(Command.exec("cat").withStdin(PIPE).withStdout(PIPE).start());
            process.stdin().write("abc");
            process.stdin().writeEof();
            assertEquals("abc", new String(await(process.stdout().read()), UTF_8));
            assertEquals(0, await(process.waitEnded()));
        });
    }

    /**
     * The begin of a part of a shell's command that goes on when there is such a file, or its folder is gone: the test
     * has failed.
     */
    private static String untilItExists(Path file) {
        return "(while [ -d '" + file.getParent() + "' ] && [ ! -e '" + file + "' ]; do sleep 0.01; done; ";
    }

    /** The JDK closes the pipes of a program that has ended before its start is known; so this one ends later. */
    private static void endAfterTheStart(Subprocess process) {
        process.stdin().write("\n");
        process.stdin().close();
        assertEquals(0, await(process.waitEnded()));
    }

    @Test
    void descendantMayWriteAfterTheEnd() throws Exception {
        var go = folder.resolve("go");
        run(() -> {
            var process = await(sh(untilItExists(go) + "echo late) & echo early; read started")
                    .withStdin(PIPE)
                    .withStdout(PIPE)
                    .start());
            endAfterTheStart(process);
            assertEquals("early\n", new String(await(process.stdout().readline()), UTF_8));
            Files.createFile(go);
            assertEquals("late\n", new String(await(process.stdout().read()), UTF_8));
        });
    }

    @Test
    void descendantOfAProgramWithoutStdoutMayWriteToStderr() throws Exception {
        var go = folder.resolve("go");
        run(() -> {
            var process = await(sh(untilItExists(go) + "echo late >&2) & read started")
                    .withStdin(PIPE)
                    .withStdout(DEVNULL)
                    .withStderr(PIPE)
                    .start());
            endAfterTheStart(process);
            Files.createFile(go);
            assertEquals("late\n", new String(await(process.stderr().read()), UTF_8));
        });
    }
}

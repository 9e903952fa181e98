package asyncio.io;

import static asyncio.Asyncio.*;
import static asyncio.io.Stdio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How programs end: by themselves, by signals, with a block, a task or a loop. */
@Timeout(120)
class SubprocessEndsTest {
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

    // ---- exit codes and signals

    @Test
    void exitCodesAreThoseOfPython() throws Exception {
        run(() -> {
            assertEquals(0, await(await(Subprocess.exec("true")).waitEnded()));
            assertEquals(1, await(await(Subprocess.exec("false")).waitEnded()));
            assertEquals(255, await(await(Subprocess.shell("exit 255")).waitEnded()));
            assertEquals(137, await(await(Subprocess.shell("exit 137")).waitEnded()));
            var dying = Command.exec("python3", "-c", "import os; os.kill(os.getpid(), 11)");
            assertEquals(-11, await(dying.run()).returncode());
        });
    }

    @Test
    void exitCodesThatArePassedOnAreNoSignals() throws Exception {
        var docker = Files.writeString(folder.resolve("docker"), "#!/bin/sh\nexit 137\n");
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
        run(() -> {
            assertEquals(
                    137, await(Command.exec(docker.toString(), "run").run()).returncode());
            assertEquals(
                    143,
                    await(Command.exec("env", "sh", "-c", "exit 143").run()).returncode());
            assertEquals(
                    143,
                    await(Command.exec("nice", "-n", "1", "bash", "-c", "exit 143")
                                    .run())
                            .returncode());
            var process = await(Command.exec("nice", "sleep", "60").start());
            await(Command.exec("kill", "-KILL", "" + process.pid()).run());
            assertEquals(-9, await(process.waitEnded()));
        });
    }

    @Test
    void signalOfAnotherProgramEndsIt() throws Exception {
        run(() -> {
            var process = await(Command.exec("sleep", "60").start());
            await(Command.exec("kill", "-KILL", "" + process.pid()).run());
            assertEquals(-9, await(process.waitEnded()));
        });
    }

    @Test
    void programThatIgnoresSigtermIsKilled() throws Exception {
        run(() -> {
            var process =
                    await(Command.exec("bash", "-c", "trap 'echo no' TERM; echo ready; while :; do sleep 0.01; done")
                            .withStdout(PIPE)
                            .start());
            assertEquals("ready\n", new String(await(process.stdout().readline()), UTF_8));
            process.terminate();
            assertEquals("no\n", new String(await(process.stdout().readline()), UTF_8));
            assertNull(process.returncode());
            process.kill();
            assertEquals(-9, await(process.waitEnded()));
            process.kill();
            process.terminate();
            process.sendSignal(10);
        });
    }

    @Test
    void otherSignalsCome() throws Exception {
        run(() -> {
            // The program writes the number of each signal. One at a time: the handlers of several that wait run in an
            // order
            // that is the system's, and not at all if one of these ends the program.
            var process = await(Command.exec(
                            "python3",
                            "-c",
                            "import os, signal\n"
                                    + "os.set_blocking(1, False)\n"
                                    + "signal.set_wakeup_fd(1)\n"
                                    + "for n in (1, 10, 12): signal.signal(n, lambda n, f: None)\n"
                                    + "os.write(1, b'ready\\n')\n"
                                    + "while True: signal.pause()")
                    .withStdout(PIPE)
                    .start());
            assertEquals("ready\n", new String(await(process.stdout().readline()), UTF_8));
            process.sendSignal("HUP");
            assertArrayEquals(new byte[] {1}, await(process.stdout().readexactly(1)));
            process.sendSignal(10);
            assertArrayEquals(new byte[] {10}, await(process.stdout().readexactly(1)));
            process.sendSignal("SIGUSR2");
            assertArrayEquals(new byte[] {12}, await(process.stdout().readexactly(1)));
            process.terminate();
            assertEquals("", new String(await(process.stdout().read()), UTF_8));
            assertEquals(-15, await(process.waitEnded()));
            assertThrows(IllegalArgumentException.class, () -> process.sendSignal(65));
            assertThrows(IllegalArgumentException.class, () -> process.sendSignal(-1));
            assertThrows(IllegalArgumentException.class, () -> process.sendSignal("NOSUCH"));
        });
    }

    @Test
    void stoppedProgramIsKilled() throws Exception {
        run(() -> {
            var process = await(Command.exec("sleep", "60").start());
            process.sendSignal("STOP");
            process.kill();
            assertEquals(-9, await(process.waitEnded()));
        });
    }

    // ---- cancellation

    @Test
    void programGoesOnWhenTheTaskThatWaitsIsCancelled() throws Exception {
        run(() -> {
            var process =
                    await(Command.exec("cat").withStdin(PIPE).withStdout(PIPE).start());
            assertThrows(TimeoutException.class, () -> await(waitFor(process.waitEnded(), ofMillis(20))));
            assertThrows(
                    TimeoutException.class, () -> await(waitFor(process.stdout().read(), ofMillis(20))));
            assertNull(process.returncode());
            process.stdin().write("on");
            assertEquals("on", new String(await(process.stdout().readexactly(2)), UTF_8));
            assertEquals("", await(process.communicate()).stdoutText());
        });
    }

    @Test
    void communicateThatIsCancelledCanBeCalledAgain() throws Exception {
        run(() -> {
            var process = await(sh("printf abc; exec sleep 60").withStdout(PIPE).start());
            assertThrows(TimeoutException.class, () -> await(waitFor(process.communicate(), ofMillis(100))));
            assertNull(process.returncode());
            process.terminate();
            assertEquals("abc", await(process.communicate()).stdoutText());
            assertEquals(-15, process.returncode());
        });
    }

    @Test
    void programIsKilledWhenItsCreatorIsCancelled() throws Exception {
        run(() -> {
            for (int iterations = 0; iterations < 40; iterations++) {
                var creating =
                        createTask(Command.exec("sleep", "60").withPipes().start());
                for (int i = 0; i < iterations; i++) {
                    await(i % 8 < 7 ? sleep(ofMillis(0)) : sleep(java.time.Duration.ofNanos(500_000)));
                }
                if (creating.cancel()) {
                    assertThrows(CancelledError.class, () -> await(creating));
                } else {
                    var process = creating.result();
                    process.kill();
                    await(process.communicate());
                }
                children.checkNone();
            }
        });
    }

    @Test
    void blockKillsWhatStillRuns() throws Exception {
        run(() -> {
            var seen = new ArrayList<Subprocess>();
            with(await(Command.exec("sleep", "60").withPipes().start()), process -> {
                seen.add(process);
            });
            assertEquals(-9, seen.get(0).returncode());
            children.checkNone();
            var error = assertThrows(
                    IllegalStateException.class,
                    () -> with(await(Command.exec("sleep", "60").start()), process -> {
                        seen.add(process);
                        throw new IllegalStateException("mine");
                    }));
            assertEquals("mine", error.getMessage());
            assertEquals(-9, seen.get(1).returncode());
            int code = using(await(sh("exit 4").start()), process -> await(process.waitEnded()));
            assertEquals(4, code);
        });
    }

    @Test
    void blockThatIsCancelledKills() throws Exception {
        run(() -> {
            var seen = new ArrayList<Subprocess>();
            var task = createTask(async(() -> {
                with(await(Command.exec("sleep", "60").start()), process -> {
                    seen.add(process);
                    await(process.waitEnded());
                });
            }));
            while (seen.isEmpty()) {
                await(sleep(ofMillis(1)));
            }
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));
            assertEquals(-9, seen.get(0).returncode());
            children.checkNone();
        });
    }

    @Test
    void loopThatEndsKills() throws Exception {
        var seen = new ArrayList<Subprocess>();
        run(() -> {
            for (int i = 0; i < 5; i++) {
                seen.add(await(Command.exec("sleep", "60").withPipes().start()));
            }
            seen.get(0).stdin().write(new byte[1_000_000]);
        });
        for (var process : seen) {
            assertFalse(ProcessHandle.of(process.pid()).isPresent(), process.toString());
        }
        children.checkNothingIsLeft();
    }

    @Test
    void otherThreadsAreRefused() throws Exception {
        run(() -> {
            var process = await(Command.exec("sleep", "60").start());
            assertThrows(
                    IllegalStateException.class,
                    () -> await(toThread(() -> {
                        process.kill();
                        return null;
                    })));
            process.kill();
            await(process.waitEnded());
        });
    }

    // ---- run

    @Test
    void runCollectsEverything() throws Exception {
        run(() -> {
            var done = await(sh("cat; echo oops >&2; exit 3").run("input".getBytes(UTF_8)));
            assertEquals("input", done.stdoutText());
            assertEquals("oops\n", done.stderrText());
            assertEquals(3, done.returncode());
            var error = assertThrows(CalledProcessException.class, done::checkReturncode);
            assertSame(done, error.process());
            assertEquals(
                    "Command [sh, -c, cat; echo oops >&2; exit 3] returned non-zero exit status 3\n"
                            + "stdout: input\nstderr: oops",
                    error.getMessage());
            assertEquals("", await(Command.exec("cat").run()).stdoutText());
            var long_ = await(sh("printf '%05000d' 7; exit 1").run());
            var message = assertThrows(CalledProcessException.class, long_::checkReturncode)
                    .getMessage();
            assertTrue(message.endsWith("stdout: …" + "0".repeat(999) + "7"), message);
        });
    }

    @Test
    void runThatIsCancelledKills() throws Exception {
        run(() -> {
            assertThrows(
                    TimeoutException.class,
                    () -> await(waitFor(Command.exec("sleep", "60").run(), ofMillis(50))));
            children.checkNone();
            // A descendant that holds the pipes is not waited for.
            var go = folder.resolve("go");
            var late =
                    sh("(while [ -d '" + folder + "' ] && [ ! -e '" + go + "' ]; do sleep 0.01; done) & exec sleep 60");
            assertThrows(TimeoutException.class, () -> await(waitFor(late.run(), ofMillis(100))));
            children.checkNone();
            Files.createFile(go);
        });
    }

    // ---- many

    @Test
    void fiveHundredAtATime() throws Exception {
        int count = 500 / Integer.getInteger("asyncio.tests.divisor", 1);
        run(() -> {
            var cats = await(gather(IntStream.range(0, count)
                    .mapToObj(i ->
                            Command.exec("cat").withStdin(PIPE).withStdout(PIPE).start())
                    .toList()));
            assertEquals(count, children.more().size());
            var talks = new ArrayList<Coroutine<CompletedProcess>>();
            for (int i = 0; i < count; i++) {
                talks.add(cats.get(i).communicate(("cat " + i).getBytes(UTF_8)));
            }
            var done = await(gather(talks));
            for (int i = 0; i < count; i++) {
                assertEquals("cat " + i, done.get(i).stdoutText());
                assertEquals(0, done.get(i).returncode());
            }
            children.checkNone();
        });
    }
}

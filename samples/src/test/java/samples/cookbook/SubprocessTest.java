package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.io.Stdio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.TimeoutException;
import asyncio.io.CalledProcessException;
import asyncio.io.Command;
import asyncio.io.Pipes;
import asyncio.io.StandardStreams;
import asyncio.io.SubprocessProtocol;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/subprocess.md. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SubprocessTest {

    // ---- recipes

    static String firstCommit(Path folder) throws CalledProcessException {
        var log = Command.exec("git", "log", "--format=%h %s", "--reverse").withCwd(folder);
        return await(log.run())
                .checkReturncode()
                .stdoutText()
                .lines()
                .findFirst()
                .orElse("");
    }

    static byte[] compress(byte[] data) throws CalledProcessException {
        return await(Command.exec("gzip", "-c").run(data)).checkReturncode().stdout();
    }

    static int count(Command command) throws Exception {
        return using(await(command.withStdout(PIPE).start()), process -> {
            int lines = 0;
            for (var line : each(process.stdout().lines(UTF_8))) {
                System.out.println(line);
                lines++;
            }
            await(process.waitEnded());
            return lines;
        });
    }

    static List<String> echoes(List<String> lines) throws Exception {
        return using(await(Command.exec("cat").withStdin(PIPE).withStdout(PIPE).start()), cat -> {
            var echoes = new ArrayList<String>();
            for (var line : lines) {
                cat.stdin().write(line + "\n");
                await(cat.stdin().drain());
                echoes.add(new String(await(cat.stdout().readline()), UTF_8).strip());
            }
            return echoes;
        });
    }

    static int endGently(Command command) throws Exception {
        var process = await(command.start());
        process.terminate();
        try {
            return await(waitFor(process.waitEnded(), ofSeconds(5)));
        } catch (TimeoutException stubborn) {
            process.kill();
            return await(process.waitEnded());
        }
    }

    static long countLines(String text, Path file) throws CalledProcessException {
        var line = "grep -F -- \"$1\" \"$2\" | wc -l";
        var count = await(
                Command.exec("sh", "-c", line, "sh", text, file.toString()).run());
        return Long.parseLong(count.checkReturncode().stdoutText().strip());
    }

    static void endAll(String line, Duration limit) throws Exception {
        var process = await(Command.exec("setsid", "sh", "-c", line).start());
        try {
            await(waitFor(process.waitEnded(), limit));
        } finally {
            await(Command.exec("kill", "-KILL", "--", "-" + process.pid()).run());
            await(process.waitEnded());
        }
    }

    static void build(Path folder) throws Exception {
        var build = Command.shell("make all")
                .withCwd(folder)
                .withEnv("LANG", "C")
                .withStdin(DEVNULL)
                .withStdout(file(folder.resolve("build.log")))
                .withStderr(STDOUT);
        await(await(build.start()).waitEnded());
    }

    static void echo() {
        var stdout = StandardStreams.stdout();
        for (var line : each(StandardStreams.stdin().lines(UTF_8))) {
            stdout.write(line.toUpperCase() + "\n");
            await(stdout.drain());
        }
    }

    static final class Counting implements SubprocessProtocol {
        final asyncio.Future<Long> counted = getRunningLoop().createFuture();
        private long count;

        @Override
        public void pipeDataReceived(int fd, byte[] data) {
            count += data.length;
        }

        @Override
        public void connectionLost(Throwable error) {
            counted.setResult(count);
        }
    }

    static long size(String program) {
        return await(await(Pipes.subprocessExec(Counting::new, program)).protocol().counted);
    }

    // ---- what they do

    @Test
    void runs() throws Exception {
        run(() -> {
            var text = "x".repeat(10_000).getBytes(UTF_8);
            assertTrue(compress(text).length < 100);
            assertEquals(3, count(Command.shell("echo 1; echo 2; echo 3")));
            assertEquals(-15, endGently(Command.exec("sleep", "60")));
            assertTrue(size("env") > 0);
            assertEquals(List.of("a", "b"), echoes(List.of("a", "b")));
            assertThrows(
                    TimeoutException.class,
                    () -> await(waitFor(Command.exec("sleep", "60").run(), ofMillis(50))));
        });
    }

    @Test
    void failuresTellWhatWasWritten(@TempDir Path folder) throws Exception {
        run(() -> {
            var error = assertThrows(CalledProcessException.class, () -> firstCommit(folder));
            assertTrue(error.getMessage().contains("\nstderr: fatal: not a git repository"), error.getMessage());
            build(folder);
            assertTrue(Files.readString(folder.resolve("build.log")).contains("make"));
        });
    }

    @Test
    void textOfOthersIsNotALine(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("two words"), "a\n$(exit)\n'b\n$(exit)\n");
        run(() -> {
            assertEquals(2, countLines("$(exit)", file));
            assertEquals(1, countLines("'", file));
        });
    }

    @Test
    void descendantsAreKilled(@TempDir Path folder) throws Exception {
        var number = folder.resolve("number");
        run(() -> {
            var line = "sleep 60 & echo $! > '" + number + "'; wait";
            assertThrows(TimeoutException.class, () -> endAll(line, ofSeconds(1)));
            var descendant =
                    ProcessHandle.of(Long.parseLong(Files.readString(number).strip()));
            if (descendant.isPresent()) {
                await(wrapFuture(descendant.get().onExit()));
            }
        });
    }

    @Test
    void standardStreams() throws Exception {
        var in = System.in;
        var out = System.out;
        var printed = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream("a\nb\n".getBytes(UTF_8)));
            System.setOut(new PrintStream(printed, true, UTF_8));
            run(() -> echo());
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
        assertEquals("A\nB\n", printed.toString(UTF_8));
    }
}

package asyncio.semantics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C, in JVMs of their own with the flags of this one. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CtrlCTest {
    private Process process;
    private BufferedReader output;

    private void start(String program) throws IOException {
        var command = new ArrayList<String>();
        // Whoever starts the tests in the background of a shell has it ignore Ctrl-C; our programs must not inherit
        // that.
        command.addAll(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (var flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-opens") || flag.startsWith("-Dasyncio.")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(CtrlCPrograms.class.getName(), program));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader(UTF_8);
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private void pressCtrlC() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor());
    }

    /** Reads up to this line; what else is said before, such as what the carrier is, does not matter. */
    private void expect(String line) throws IOException {
        var seen = new ArrayList<String>();
        while (true) {
            var next = output.readLine();
            assertNotNull(next, () -> "ended without '" + line + "': " + seen);
            seen.add(next);
            if (next.equals(line)) {
                return;
            }
        }
    }

    private List<String> rest() throws IOException {
        return output.lines().toList();
    }

    private int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(60, SECONDS));
        return process.exitValue();
    }

    @Test
    void cancelsMainWhoseFinallyBlocksRunAndRunThrowsKeyboardInterrupt() throws Exception {
        start("interruptible");
        expect("ready");
        pressCtrlC();
        assertEquals(
                List.of("main cancelled", "finally of main", "finally of a leftover", "KeyboardInterrupt from run"),
                rest());
        assertEquals(0, exitCode());
    }

    @Test
    void endsAProgramThatDoesNotCatchItWithTheNameOfTheErrorOnly() throws Exception {
        start("uncaught");
        expect("ready");
        pressCtrlC();
        var lines = rest();
        assertEquals(1, exitCode());
        assertEquals(List.of("Exception in thread \"main\" asyncio.KeyboardInterrupt: Ctrl-C"), lines);
    }

    @Test
    void aMainThatSwallowsItReturnsItsValue() throws Exception {
        start("swallowing");
        expect("ready");
        pressCtrlC();
        assertEquals(List.of("run returned swallowed"), rest());
        assertEquals(0, exitCode());
    }

    @Test
    void theSecondOneEndsTheProgramAtOnce() throws Exception {
        start("stubborn");
        expect("ready");
        pressCtrlC();
        expect("going on");
        pressCtrlC();
        assertEquals(List.of(), rest());
        assertEquals(130, exitCode());
    }

    @Test
    void afterRunItIsTheJvmsAgain() throws Exception {
        start("afterwards");
        expect("ready");
        pressCtrlC();
        assertEquals(List.of(), rest());
        assertEquals(130, exitCode());
    }

    @Test
    void aHandlerOfTheProgramIsLeftInPlace() throws Exception {
        start("handled");
        expect("ready");
        pressCtrlC();
        assertEquals(List.of("handler of the program", "main ends undisturbed"), rest());
        assertEquals(0, exitCode());
    }
}

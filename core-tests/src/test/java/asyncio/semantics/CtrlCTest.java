package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
    private OtherJvm jvm;

    private void start(String program) throws IOException {
        jvm = OtherJvm.start(List.of(), CtrlCPrograms.class, program);
    }

    @AfterEach
    void kill() {
        jvm.close();
    }

    @Test
    void cancelsMainWhoseFinallyBlocksRunAndRunThrowsKeyboardInterrupt() throws Exception {
        start("interruptible");
        jvm.expect("ready");
        jvm.pressCtrlC();
        assertEquals(
                List.of("main cancelled", "finally of main", "finally of a leftover", "KeyboardInterrupt from run"),
                jvm.rest());
        assertEquals(0, jvm.exitCode());
    }

    /** As a shell expects it, and as CPython ends. */
    @Test
    void endsAProgramThatDoesNotCatchItWithTheLineThatWaited() throws Exception {
        start("uncaught");
        jvm.expect("ready");
        jvm.pressCtrlC();
        var lines = jvm.rest();
        assertEquals(130, jvm.exitCode());
        assertEquals("Exception in thread \"main\" asyncio.KeyboardInterrupt: Ctrl-C", lines.get(0));
        assertEquals("Caused by: asyncio.CancelledError", lines.get(1));
        assertTrue(
                lines.stream().anyMatch(it -> it.startsWith("\tat asyncio.semantics.CtrlCPrograms.")),
                () -> String.join("\n", lines));
    }

    /** Where the tasks wait for each other is what the user wants to know of a program that hangs. */
    @Test
    void ofAProgramThatHangsTheTasksAreShown() throws Exception {
        start("hung");
        jvm.expect("ready");
        jvm.pressCtrlC();
        var text = String.join("\n", jvm.rest());
        assertEquals(130, jvm.exitCode());
        int at = 0;
        for (var part : List.of(
                "KeyboardInterrupt: Ctrl-C",
                "Caused by: asyncio.CancelledError",
                "CtrlCPrograms.takeInner",
                "CtrlCPrograms.hung",
                "The tasks that had not ended",
                "CtrlCPrograms.lambda$hung",
                "── first",
                "CtrlCPrograms.takeInner",
                "── second",
                "CtrlCPrograms.takeInner")) {
            int found = text.indexOf(part, at);
            assertTrue(found >= 0, () -> part + " is not in its place in:\n" + text);
            at = found + part.length();
        }
        assertFalse(text.contains("asyncio.internal"), text);
    }

    @Test
    void aHandlerOfTheProgramForUncaughtExceptionsDecidesHowItEnds() throws Exception {
        start("uncaughtHandled");
        jvm.expect("ready");
        jvm.pressCtrlC();
        assertEquals(List.of("uncaught KeyboardInterrupt"), jvm.rest());
        assertEquals(1, jvm.exitCode());
    }

    @Test
    void aMainThatSwallowsItReturnsItsValue() throws Exception {
        start("swallowing");
        jvm.expect("ready");
        jvm.pressCtrlC();
        assertEquals(List.of("run returned swallowed"), jvm.rest());
        assertEquals(0, jvm.exitCode());
    }

    @Test
    void theSecondOneEndsTheProgramAtOnce() throws Exception {
        start("stubborn");
        jvm.expect("ready");
        jvm.pressCtrlC();
        jvm.expect("going on");
        jvm.pressCtrlC();
        var lines = jvm.rest();
        assertTrue(lines.get(0).startsWith("Ctrl-C again. The tasks that had not ended"), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.contains("CtrlCPrograms.lambda$stubborn")), lines::toString);
        assertEquals(130, jvm.exitCode());
    }

    @Test
    void afterRunItIsTheJvmsAgain() throws Exception {
        start("afterwards");
        jvm.expect("ready");
        jvm.pressCtrlC();
        assertEquals(List.of(), jvm.rest());
        assertEquals(130, jvm.exitCode());
    }

    @Test
    void aHandlerOfTheProgramIsLeftInPlace() throws Exception {
        start("handled");
        jvm.expect("ready");
        jvm.pressCtrlC();
        assertEquals(List.of("handler of the program", "main ends undisturbed"), jvm.rest());
        assertEquals(0, jvm.exitCode());
    }
}

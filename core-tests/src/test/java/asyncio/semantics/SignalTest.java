package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.ContextVar;
import asyncio.Event;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Signals that this process sends to itself. */
@EnabledOnOs(OS.LINUX)
class SignalTest extends OnLoop {
    private static final ContextVar<String> VAR = ContextVar.create("var", "default");

    /** What the program's own handler got. */
    private final ArrayBlockingQueue<String> own = new ArrayBlockingQueue<>(100);

    private Object before;

    @BeforeEach
    void install() throws ReflectiveOperationException {
        before = UserSignal.handle(Proxy.newProxyInstance(
                SignalTest.class.getClassLoader(),
                new Class<?>[] {UserSignal.HANDLER},
                (handler, method, arguments) -> {
                    own.add(UserSignal.nameOf(arguments[0]));
                    return null;
                }));
    }

    @AfterEach
    void restore() throws ReflectiveOperationException {
        UserSignal.handle(before);
    }

    private static void kill() {
        UserSignal.raise();
    }

    /** The signal USR2, by sun.misc.Signal, whose every use javac warns of. */
    private static final class UserSignal {
        private static final Class<?> SIGNAL;
        static final Class<?> HANDLER;
        private static final Object USR2;

        static {
            try {
                SIGNAL = Class.forName("sun.misc.Signal");
                HANDLER = Class.forName("sun.misc.SignalHandler");
                USR2 = SIGNAL.getConstructor(String.class).newInstance("USR2");
            } catch (ReflectiveOperationException missing) {
                throw new AssertionError(missing);
            }
        }

        static Object handle(Object handler) throws ReflectiveOperationException {
            return SIGNAL.getMethod("handle", SIGNAL, HANDLER).invoke(null, USR2, handler);
        }

        static String nameOf(Object signal) throws ReflectiveOperationException {
            return (String) SIGNAL.getMethod("getName").invoke(signal);
        }

        static void raise() {
            try {
                SIGNAL.getMethod("raise", SIGNAL).invoke(null, USR2);
            } catch (ReflectiveOperationException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    private void expectOwn() throws InterruptedException {
        assertEquals("USR2", own.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aHandlerIsACallbackOfTheLoop() {
        inLoop(() -> {
            var got = Event.create();
            getRunningLoop().addSignalHandler("SIGUSR2", () -> {
                assertNull(currentTask());
                getRunningLoop();
                got.set();
            });
            kill();
            await(got.waitSet());
            got.clear();
            kill();
            await(got.waitSet());
        });
    }

    @Test
    void fromAnotherProcess() {
        inLoop(() -> {
            var got = Event.create();
            getRunningLoop().addSignalHandler("USR2", got::set);
            await(toThread(() -> new ProcessBuilder(
                            "kill",
                            "-USR2",
                            String.valueOf(ProcessHandle.current().pid()))
                    .start()
                    .waitFor()));
            await(got.waitSet());
        });
    }

    @Test
    void aSecondHandlerReplacesTheFirst() {
        inLoop(() -> {
            var got = Event.create();
            getRunningLoop().addSignalHandler("SIGUSR2", () -> log.add("first"));
            getRunningLoop().addSignalHandler("SIGUSR2", got::set);
            kill();
            await(got.waitSet());
            assertEquals(List.of(), log);
            assertTrue(getRunningLoop().removeSignalHandler("SIGUSR2"));
            kill();
            await(toThread(this::expectOwn));
        });
    }

    @Test
    void aHandlerThatIsTakenAway() {
        inLoop(() -> {
            assertFalse(getRunningLoop().removeSignalHandler("SIGUSR2"));
            getRunningLoop().addSignalHandler("SIGUSR2", () -> log.add("late"));
            assertTrue(getRunningLoop().removeSignalHandler("USR2"));
            assertFalse(getRunningLoop().removeSignalHandler("SIGUSR2"));
            kill();
            await(toThread(this::expectOwn));
            assertEquals(List.of(), log);
        });
    }

    @Test
    void theEndOfTheLoopTakesItAway() throws Exception {
        inLoop(() -> getRunningLoop().addSignalHandler("SIGUSR2", () -> log.add("late")));
        kill();
        expectOwn();
        assertEquals(List.of(), log);
    }

    @Test
    void itRunsInTheContextOfItsRegistration() {
        inLoop(() -> {
            var got = Event.create();
            VAR.set("registration");
            getRunningLoop().addSignalHandler("SIGUSR2", () -> {
                log.add(VAR.get());
                VAR.set("handler");
                got.set();
            });
            VAR.set("later");
            for (int i = 0; i < 2; i++) {
                kill();
                await(got.waitSet());
                got.clear();
            }
            // It is one context, as with any handle.
            assertEquals(List.of("registration", "handler"), log);
            assertEquals("later", VAR.get());
        });
    }

    @Test
    void anErrorOfAHandlerIsReported() {
        var error = new IllegalArgumentException();
        inLoopWithReports(() -> {
            var got = Event.create();
            getRunningLoop().addSignalHandler("SIGUSR2", () -> {
                got.set();
                throw error;
            });
            kill();
            await(got.waitSet());
        });
        assertEquals(1, reports.size());
        assertEquals(error, reports.get(0).exception());
    }

    @Test
    void whatCannotBeCaught() {
        inLoop(() -> {
            for (var signal : List.of("SIGKILL", "SIGSTOP", "SIGNONSENSE", "", "SIGSEGV")) {
                var refusal = assertThrows(
                        IllegalArgumentException.class, () -> getRunningLoop().addSignalHandler(signal, () -> {}));
                assertTrue(refusal.getMessage().contains("Signal " + signal + " cannot be caught"), signal);
            }
            assertThrows(IllegalArgumentException.class, () -> getRunningLoop().removeSignalHandler("SIGNONSENSE"));
        });
    }

    @Test
    void theWrongThreadOrAClosedLoop() {
        inLoop(() -> {
            var loop = getRunningLoop();
            await(toThread(() -> {
                assertThrows(IllegalStateException.class, () -> loop.addSignalHandler("SIGUSR2", () -> {}));
                assertThrows(IllegalStateException.class, () -> loop.removeSignalHandler("SIGUSR2"));
            }));
        });
        var loop = newEventLoop();
        loop.close();
        assertThrows(IllegalStateException.class, () -> loop.addSignalHandler("SIGUSR2", () -> {}));
    }

    @Test
    void itWakesALoopThatSleeps() {
        var loop = newEventLoop();
        loop.callSoon(() -> {
            loop.addSignalHandler("SIGUSR2", loop::stop);
            new Thread(SignalTest::kill).start();
        });
        loop.runForever();
        loop.close();
        loop.close();
    }

    @Test
    void twoLoopsOneAfterTheOther() {
        for (int i = 0; i < 3; i++) {
            inLoop(() -> {
                var got = Event.create();
                getRunningLoop().addSignalHandler("SIGUSR2", got::set);
                kill();
                await(async(() -> await(got.waitSet())));
            });
        }
        assertTrue(own.isEmpty());
    }
}

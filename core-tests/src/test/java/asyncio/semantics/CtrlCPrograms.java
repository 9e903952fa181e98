package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.KeyboardInterrupt;
import asyncio.Lock;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/** Programs that somebody presses Ctrl-C in; {@link CtrlCTest} starts them in JVMs of their own. */
final class CtrlCPrograms {
    private CtrlCPrograms() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "interruptible" -> interruptible();
            case "uncaught" -> run(CtrlCPrograms::sleepLong);
            case "hung" -> hung();
            case "uncaughtHandled" -> {
                Thread.setDefaultUncaughtExceptionHandler(
                        (thread, error) -> say("uncaught " + error.getClass().getSimpleName()));
                run(CtrlCPrograms::sleepLong);
            }
            case "swallowing" -> swallowing();
            case "stubborn" -> stubborn();
            case "afterwards" -> afterwards();
            case "handled" -> handled();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void sleepLong() {
        getRunningLoop().callSoon(() -> say("ready"));
        await(sleep(ofSeconds(1000)));
    }

    /** Two tasks that take two locks in different orders. */
    private static void hung() {
        var a = Lock.create();
        var b = Lock.create();
        run(() -> {
            getRunningLoop().callLater(ofMillis(10), () -> say("ready"));
            await(gather(createTask(both(a, b), "first"), createTask(both(b, a), "second")));
        });
    }

    private static Coroutine<Void> both(Lock outer, Lock inner) {
        return async(() -> with(outer, () -> {
            await(sleep(ZERO));
            takeInner(inner);
        }));
    }

    private static void takeInner(Lock inner) {
        with(inner, () -> say("never"));
    }

    private static void interruptible() {
        try {
            run(() -> {
                createTask(async(() -> {
                    try {
                        await(sleep(ofSeconds(1000)));
                    } finally {
                        say("finally of a leftover");
                    }
                }));
                await(sleep(ZERO));
                try {
                    sleepLong();
                } catch (CancelledError e) {
                    say("main cancelled");
                    throw e;
                } finally {
                    await(sleep(ZERO));
                    say("finally of main");
                }
            });
        } catch (KeyboardInterrupt e) {
            say("KeyboardInterrupt from run");
        }
    }

    private static void swallowing() {
        var value = run(() -> {
            try {
                sleepLong();
                return "slept";
            } catch (CancelledError e) {
                return "swallowed";
            }
        });
        say("run returned " + value);
    }

    private static void stubborn() {
        run(() -> {
            try {
                sleepLong();
            } finally {
                say("going on");
                while (true) {
                    await(sleep(ofSeconds(1)));
                }
            }
        });
    }

    private static void afterwards() throws InterruptedException {
        run(() -> await(sleep(ZERO)));
        say("ready");
        Thread.sleep(600_000);
    }

    /** A program that has a handler of its own keeps it. */
    private static void handled() throws ReflectiveOperationException {
        var pressed = new CompletableFuture<Void>();
        handleCtrlC(() -> {
            say("handler of the program");
            pressed.complete(null);
        });
        run(() -> {
            getRunningLoop().callSoon(() -> say("ready"));
            await(pressed);
            say("main ends undisturbed");
        });
    }

    /** {@code Signal.handle}, which javac warns of. */
    private static void handleCtrlC(Runnable action) throws ReflectiveOperationException {
        var signal = Class.forName("sun.misc.Signal");
        var type = Class.forName("sun.misc.SignalHandler");
        var handler = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            action.run();
            return null;
        });
        signal.getMethod("handle", signal, type)
                .invoke(null, signal.getConstructor(String.class).newInstance("INT"), handler);
    }
}

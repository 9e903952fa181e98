package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.copyContext;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Context;
import asyncio.Coroutine;
import asyncio.ExceptionContext;
import asyncio.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The MDC follows the task, with a logger that has one. */
@Tag("mdc")
class MdcTest extends OnLoop {

    @BeforeEach
    @AfterEach
    void clear() {
        MDC.clear();
    }

    private static Coroutine<String> reading(String key) {
        return async(() -> MDC.get(key));
    }

    @Test
    void thereIsAnMdcHere() {
        MDC.put("k", "v");
        assertEquals("v", MDC.get("k"));
    }

    @Test
    void aTaskHasACopyOfItsCreators() {
        inLoop(() -> {
            MDC.put("request", "1");
            var first = createTask(async(() -> {
                log.add(MDC.get("request"));
                MDC.put("request", "1a");
                await(sleep(ZERO));
                log.add(MDC.get("request"));
            }));
            MDC.put("request", "2");
            var second = createTask(async(() -> {
                log.add(MDC.get("request"));
                await(sleep(ZERO));
                log.add(MDC.get("request"));
            }));
            MDC.remove("request");
            var third = createTask(reading("request"));
            await(gather(first, second));
            assertNull(await(third));
            assertNull(MDC.get("request"));
            assertEquals(List.of("1", "2", "1a", "2"), log);
        });
    }

    @Test
    void anAwaitedCoroutineSharesItsCallers() {
        inLoop(() -> {
            MDC.put("k", "1");
            await(async(() -> {
                log.add(MDC.get("k"));
                MDC.put("k", "2");
                await(sleep(ZERO));
            }));
            assertEquals("2", MDC.get("k"));
            assertEquals(List.of("1"), log);
        });
    }

    @Test
    void runBeginsWithItsCallersAndLeavesItAlone() {
        MDC.put("k", "caller");
        assertEquals("caller", run(reading("k")));
        run(() -> {
            MDC.put("k", "main");
            await(sleep(ZERO));
            log.add(MDC.get("k"));
        });
        assertEquals(List.of("main"), log);
        assertEquals("caller", MDC.get("k"));
    }

    @Test
    void nothingIsLeftForTheNextTask() {
        inLoop(() -> {
            for (int i = 0; i < 20; i++) {
                await(createTask(async(() -> MDC.put("k", "v"))));
                assertNull(await(createTask(reading("k"))));
            }
            await(SuspendingMdc.noting("kotlin", new ArrayList<>(), sleep(ZERO)));
            getRunningLoop().callSoon(() -> MDC.put("k", "callback"));
            await(sleep(ZERO));
            getRunningLoop().callSoon(() -> log.add("" + MDC.get("k")));
            await(sleep(ZERO));
            assertEquals(List.of("null"), log);
        });
    }

    // ---- callbacks

    @Test
    void callbacksHaveThatOfTheirRegistration() {
        inLoop(() -> {
            var loop = getRunningLoop();
            var future = loop.<Integer>createFuture();
            MDC.put("k", "soon");
            loop.callSoon(() -> log.add(MDC.get("k")));
            MDC.put("k", "threadsafe");
            loop.callSoonThreadsafe(() -> log.add(MDC.get("k")));
            MDC.put("k", "done");
            future.addDoneCallback(f -> log.add(MDC.get("k")));
            MDC.put("k", "later");
            loop.callLater(ofMillis(1), () -> log.add(MDC.get("k")));
            MDC.put("k", "now");
            future.setResult(1);
            await(sleep(ofMillis(20)));
            assertEquals(List.of("soon", "done", "threadsafe", "later"), sorted(log));
            assertEquals("now", MDC.get("k"));
        });
    }

    private static List<Object> sorted(List<Object> log) {
        var order = List.<Object>of("soon", "done", "threadsafe", "later");
        return log.stream()
                .sorted(java.util.Comparator.comparing(order::indexOf))
                .toList();
    }

    @Test
    void aGivenContextBringsItsOwn() {
        inLoop(() -> {
            MDC.put("k", "then");
            var then = copyContext();
            MDC.put("k", "now");
            getRunningLoop().callSoon(() -> log.add(MDC.get("k")), then);
            await(sleep(ZERO));
            then.run(() -> {
                log.add(MDC.get("k"));
                MDC.put("k", "changed");
            });
            assertEquals("changed", await(createTask(reading("k"), TaskOptions.inContext(then))));
            assertNull(await(createTask(reading("k"), TaskOptions.inContext(Context.create()))));
            assertEquals("now", MDC.get("k"));
            assertEquals(List.of("then", "then"), log);
            assertEquals(Map.of(), then.asMap(), "it is no variable of the user's");
        });
    }

    // ---- threads

    @Test
    void toThreadCarriesIt() {
        inLoop(() -> {
            MDC.put("k", "v");
            var seen = new ArrayList<String>();
            await(toThread(() -> {
                seen.add(MDC.get("k"));
                MDC.put("k", "thread");
            }));
            assertEquals(List.of("v"), seen);
            assertEquals("v", MDC.get("k"), "changes do not come back");
            MDC.remove("k");
            assertNull(await(toThread(() -> MDC.get("k"))), "nothing is left in the pool");
        });
    }

    @Test
    void runCoroutineThreadsafeBringsThatOfItsThread() {
        inLoop(() -> {
            var loop = getRunningLoop();
            assertEquals("elsewhere", await(toThread(() -> {
                MDC.put("k", "elsewhere");
                return runCoroutineThreadsafe(reading("k"), loop).get();
            })));
        });
    }

    // ---- Kotlin

    @Test
    void suspendFunctionsShareTheLoopsThreadAndNotTheMdc() {
        inLoop(() -> {
            var lines = new ArrayList<String>();
            MDC.put("k", "v");
            var a = createTask(SuspendingMdc.noting("a", lines, sleep(ofMillis(1))));
            var b = createTask(SuspendingMdc.noting("b", lines, sleep(ofMillis(1))));
            await(gather(a, b));
            assertEquals(List.of("a finds {k=v}", "a has {by=a, k=v}", "a keeps {by=a, k=v}"), of("a", lines));
            assertEquals(List.of("b finds {k=v}", "b has {by=b, k=v}", "b keeps {by=b, k=v}"), of("b", lines));
            assertNull(MDC.get("by"));
        });
    }

    private static List<String> of(String name, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(name + " ")).toList();
    }

    @Test
    void javaAndKotlinOfOneTaskHaveOne() {
        inLoop(() -> {
            var lines = new ArrayList<String>();
            MDC.put("k", "1");
            await(SuspendingMdc.noting("a", lines, async(() -> {
                lines.add("java finds " + new java.util.TreeMap<>(MDC.getCopyOfContextMap()));
                await(sleep(ZERO));
                MDC.put("k", "2");
            })));
            assertEquals(
                    List.of("a finds {k=1}", "java finds {by=a, k=1}", "a has {by=a, k=2}", "a keeps {by=a, k=2}"),
                    lines);
            assertEquals("a", MDC.get("by"));
            assertEquals("2", MDC.get("k"));
        });
    }

    @Test
    void javaInsideOfATaskInKotlin() {
        inLoop(() -> {
            var lines = new ArrayList<String>();
            MDC.put("k", "1");
            for (boolean waits : new boolean[] {true, false}) {
                lines.clear();
                await(createTask(SuspendingMdc.noting("a", lines, async(() -> {
                    lines.add("java finds " + new java.util.TreeMap<>(MDC.getCopyOfContextMap()));
                    if (waits) {
                        await(sleep(ZERO));
                    }
                    MDC.put("k", "2");
                }))));
                assertEquals(
                        List.of("a finds {k=1}", "java finds {by=a, k=1}", "a has {by=a, k=2}", "a keeps {by=a, k=2}"),
                        lines);
            }
            assertEquals("1", MDC.get("k"));
            assertNull(MDC.get("by"));
        });
    }

    @Test
    void anEagerTask() {
        inLoop(() -> {
            MDC.put("k", "1");
            var task = createTask(
                    async(() -> {
                        log.add(MDC.get("k"));
                        MDC.put("k", "2");
                        await(sleep(ZERO));
                        log.add(MDC.get("k"));
                    }),
                    TaskOptions.eager());
            assertEquals("1", MDC.get("k"));
            await(task);
            assertEquals(List.of("1", "2"), log);
            assertTrue(task.done());
        });
    }

    /** The report of a failure that nobody looked at. */
    @Test
    void aReportOfTheRunningTaskHasItsMdcAsItIsNow() {
        inLoop(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> log.add(MDC.get("k")));
            await(createTask(async(() -> {
                MDC.put("k", "begin");
                await(sleep(ZERO));
                MDC.put("k", "now");
                getRunningLoop()
                        .callExceptionHandler(ExceptionContext.of("mine").withFuture(currentTask()));
                assertEquals("now", MDC.get("k"));
            })));
        });
        assertEquals(List.of("now"), log);
    }

    @Test
    void aReportHasThatOfTheTask() {
        run(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> log.add(MDC.get("request")));
            MDC.put("request", "main");
            createTask(async(() -> {
                MDC.put("request", "at once");
                throw new IllegalArgumentException("boom");
            }));
            createTask(async(() -> {
                MDC.put("request", "before");
                await(sleep(ZERO));
                MDC.put("request", "later");
                throw new IllegalArgumentException("boom");
            }));
            createTask(SuspendBodies.failingWithMdc("suspended"));
            iterations(4);
            assertEquals("main", MDC.get("request"));
        });
        assertEquals(
                List.of("at once", "later", "suspended"), log.stream().sorted().toList());
    }
}

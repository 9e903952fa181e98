package asyncio.semantics;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.captureCallGraph;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.formatCallGraph;
import static asyncio.Asyncio.formatTaskTree;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static asyncio.semantics.StackTest.methods;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.FrameCallGraphEntry;
import asyncio.Future;
import asyncio.FutureCallGraph;
import asyncio.Task;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits for whom. */
class CallGraphTest extends OnLoop {
    private Future<Integer> end;

    private Task<Integer> leaf(String name) {
        end = getRunningLoop().createFuture();
        return createTask(waits(end), name);
    }

    private static <T> Coroutine<T> waits(Awaitable<T> awaitable) {
        return async(() -> await(awaitable));
    }

    /** The names of tasks that wait for it directly, also through futures that are no tasks. */
    private static List<String> awaiters(Future<?> future) {
        return awaiters(captureCallGraph(future));
    }

    private static List<String> awaiters(FutureCallGraph graph) {
        return graph.awaitedBy().stream()
                .flatMap(by -> by.future() instanceof Task<?> task
                        ? java.util.stream.Stream.of(task.getName())
                        : awaiters(by).stream())
                .toList();
    }

    private static List<String> frames(FutureCallGraph graph) {
        return methods(
                graph.callStack().stream().map(FrameCallGraphEntry::frame).toList());
    }

    // ---- edges

    @Test
    void ofTasksThatAwaitTasks() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            var middle = createTask(waits(leaf), "middle");
            var top = createTask(waits(middle), "top");
            var other = createTask(waits(leaf), "other");
            iterations(2);
            var graph = captureCallGraph(leaf);
            assertEquals(leaf, graph.future());
            assertEquals(List.of("waits"), frames(graph));
            assertEquals(List.of("middle", "other"), awaiters(graph));
            assertEquals(List.of("top"), awaiters(graph.awaitedBy().get(0)));
            assertEquals(List.of(), awaiters(top));
            end.setResult(1);
            await(gather(top, other));
            assertEquals(List.of(), awaiters(leaf));
        });
    }

    @Test
    void ofAPlainFuture() {
        inLoop(() -> {
            leaf("leaf");
            await(sleep(ZERO));
            var graph = captureCallGraph(end);
            assertEquals(List.of(), graph.callStack());
            assertEquals(List.of("leaf"), awaiters(graph));
            end.setResult(1);
        });
    }

    private void assertAwaitedByWaiter(Coroutine<?> waiting) {
        var waiter = createTask(waiting, "waiter");
        iterations(3);
        var leaf = Asyncio.allTasks().stream()
                .filter(t -> t.getName().equals("leaf"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("waiter"), awaiters(leaf));
        waiter.cancel();
        leaf.cancel();
        cancelledBy(waiter);
    }

    @Test
    void throughGather() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(async(() -> await(gather(leaf, sleep(ofSeconds(1000))))));
        });
    }

    @Test
    void throughShield() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(async(() -> await(shield(leaf))));
        });
    }

    @Test
    void throughWait() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(async(() -> await(Asyncio.wait(List.of(leaf)))));
        });
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(Suspending.awaiting(Asyncio.wait(List.of(leaf))));
        });
    }

    @Test
    void throughWaitFor() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(async(() -> await(waitFor(leaf, ofSeconds(1000)))));
        });
    }

    @Test
    void throughTheEndOfWaitFor() {
        inLoop(() -> {
            var stubborn = createTask(
                    async(() -> {
                        try {
                            await(sleep(ofSeconds(1000)));
                        } finally {
                            await(shield(sleep(ofSeconds(1000))));
                        }
                    }),
                    "leaf");
            await(sleep(ZERO));
            assertAwaitedByWaiter(async(() -> await(waitFor(stubborn, ZERO))));
        });
    }

    @Test
    void throughAsCompleted() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(async(() -> {
                for (var next : asCompleted(List.of(leaf))) {
                    await(next);
                }
            }));
        });
    }

    @Test
    void throughATaskGroupAlsoWhileItsBlockRuns() {
        inLoop(() -> assertAwaitedByWaiter(async(() -> {
            with(taskGroup(), group -> {
                group.createTask(sleep(ofSeconds(1000)), "leaf");
            });
        })));
        inLoop(() -> assertAwaitedByWaiter(async(() -> {
            with(taskGroup(), group -> {
                group.createTask(sleep(ofSeconds(1000)), "leaf");
                await(sleep(ofSeconds(1000)));
            });
        })));
    }

    @Test
    void throughAKotlinScope() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            assertAwaitedByWaiter(Suspending.awaitingInScope(leaf));
        });
    }

    // ---- the calling task

    @Test
    void ofTheTaskThatAsks() {
        inLoop(() -> {
            var inner = createTask(async(() -> {
                await(sleep(ZERO));
                return askingIn(2);
            }));
            currentTask().setName("main");
            var graphs = await(inner);
            assertEquals(inner, graphs.get(0).future());
            assertEquals(List.of("main"), awaiters(graphs.get(0)));
            assertEquals("askingIn", frames(graphs.get(0)).get(0));
            assertEquals("ofTheTaskThatAsks", frames(graphs.get(1)).get(0), "the caller of the caller");
        });
    }

    private static List<FutureCallGraph> askingIn(int depth) {
        return List.of(captureCallGraph(), captureCallGraph(null, depth, Integer.MAX_VALUE));
    }

    @Test
    void inACallbackThereIsNone() {
        inLoop(() -> {
            getRunningLoop().callSoon(() -> {
                log.add(captureCallGraph() == null);
                log.add(formatCallGraph());
            });
            await(sleep(ZERO));
            assertEquals(List.of(true, ""), log);
        });
        assertThrows(IllegalStateException.class, () -> captureCallGraph());
    }

    @Test
    void ofAFutureOfAnotherLoop() {
        try (var other = newEventLoop()) {
            var future = other.createFuture();
            inLoop(() -> assertThrows(IllegalStateException.class, () -> captureCallGraph(future)));
        }
    }

    // ---- limits

    @Test
    void aLimitFromEitherEnd() {
        inLoop(() -> {
            var task = createTask(async(() -> await(waits(sleep(ofSeconds(1000))))));
            await(sleep(ZERO));
            assertEquals(List.of("waits", "aLimitFromEitherEnd"), frames(captureCallGraph(task)));
            assertEquals(List.of("waits"), frames(captureCallGraph(task, 1, 1)));
            assertEquals(List.of("aLimitFromEitherEnd"), frames(captureCallGraph(task, 1, -1)));
            assertEquals(List.of(), frames(captureCallGraph(task, 1, 0)));
            task.cancel();
        });
    }

    // ---- shapes

    @Test
    void aCircleEnds() {
        inLoop(() -> {
            var tasks = new Task<?>[2];
            tasks[0] = createTask(async(() -> await(tasks[1])), "a");
            tasks[1] = createTask(async(() -> await(tasks[0])), "b");
            iterations(2);
            var graph = captureCallGraph(tasks[0]);
            var again = graph.awaitedBy().get(0).awaitedBy().get(0);
            assertEquals(tasks[0], again.future());
            assertEquals(List.of(), again.awaitedBy());
            assertTrue(formatCallGraph(tasks[0]).contains("Task(name='b')"));
            var tree = formatTaskTree();
            assertTrue(tree.contains("a (see above)") || tree.contains("b (see above)"), tree);
            tasks[0].cancel();
            iterations(3);
        });
    }

    @Test
    void aLongChain() {
        inLoop(() -> {
            int length = asyncio.internal.fiber.FiberKind.getChosen() == asyncio.internal.fiber.FiberKind.PLATFORM
                    ? 500
                    : 2_000;
            var first = leaf("first");
            var last = first;
            for (int i = 0; i < length; i++) {
                last = createTask(Suspending.awaiting(last));
            }
            iterations(2);
            int n = 0;
            for (var graph = captureCallGraph(first);
                    !graph.awaitedBy().isEmpty();
                    graph = graph.awaitedBy().get(0)) {
                n++;
            }
            assertEquals(length, n);
            assertTrue(formatCallGraph(first).endsWith("…"));
            assertTrue(formatTaskTree().contains("more"));
            end.setResult(1);
            assertEquals(1, await(last));
        });
    }

    @Test
    void manyWaysToTheTop() {
        inLoop(() -> {
            // Two to the power of 40 paths.
            var leaf = leaf("leaf");
            List<Task<?>> layer = List.of(leaf);
            for (int i = 0; i < 40; i++) {
                var below = layer;
                layer = List.of(
                        createTask(async(() -> await(gather(below)))), createTask(async(() -> await(gather(below)))));
            }
            iterations(3);
            assertTrue(formatCallGraph(leaf).contains("(see above)"));
            assertTrue(formatTaskTree().contains("(see above)"));
            end.setResult(1);
            await(gather(layer));
        });
    }

    // ---- texts

    @Test
    void formatted() {
        inLoop(() -> {
            var leaf = leaf("leaf");
            var top = createTask(waits(leaf), "top");
            iterations(2);
            var at = leaf.getStack().get(0).toString();
            assertEquals("""
                    * Task(name='leaf')
                      + Call stack:
                      |   at %s
                      + Awaited by:
                         * Task(name='top')
                           + Call stack:
                           |   at %s""".formatted(at, at), formatCallGraph(leaf));
            var bytes = new ByteArrayOutputStream();
            Asyncio.printCallGraph(leaf, new PrintStream(bytes, true, StandardCharsets.UTF_8));
            assertEquals(
                    formatCallGraph(leaf),
                    bytes.toString(StandardCharsets.UTF_8).strip());
            end.setResult(1);
            await(top);
        });
    }

    @Test
    void theTreeOfAllTasks() {
        inLoop(() -> {
            currentTask().setName("main");
            var leaf = leaf("leaf");
            var sleeper = createTask(sleep(ofSeconds(1000)), "sleeper");
            var top = createTask(async(() -> await(gather(leaf, sleeper))), "top");
            iterations(2);
            var at = leaf.getStack().get(0).toString();
            var lines = formatTaskTree().lines().toList();
            assertEquals("main", lines.get(0));
            var rest = lines.subList(lines.indexOf("top"), lines.size());
            assertEquals(
                    List.of("top", "│   at " + top.getStack().get(0), "├── leaf", "│       at " + at, "└── sleeper"),
                    rest);
            end.setResult(1);
            sleeper.cancel();
            cancelledBy(top);
        });
    }

    @Test
    void theTreeOfALoopThatStandsStill() {
        try (var loop = newEventLoop()) {
            loop.setExceptionHandler((l, context) -> {});
            assertEquals("", formatTaskTree(loop));
            loop.createTask(waits(sleep(ofSeconds(1000))), "stopped");
            loop.stop();
            loop.runForever();
            assertTrue(formatTaskTree(loop).startsWith("stopped\n    at "), formatTaskTree(loop));
        }
    }
}

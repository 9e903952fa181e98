package asyncio.semantics;

import static asyncio.Asyncio.aclosing;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncContextManager;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.AsyncContextManager;
import asyncio.AsyncExitStack;
import asyncio.AsyncGenerator;
import asyncio.CancelledError;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.GeneratorExit;
import asyncio.StopAsyncIteration;
import asyncio.StopIteration;
import asyncio.TimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Context managers from generators. What happens in each case was looked up by running contextlib's of CPython 3.13:
 * its RuntimeError is {@link IllegalStateException} here, and its {@code __context__} is suppressed.
 */
class AsyncContextManagerTest extends OnLoop {

    // ---- what a user writes

    private final class Connection {
        private final String name;

        Connection(String name) {
            this.name = name;
        }

        Coroutine<Void> execute(String statement) {
            return async(() -> {
                await(sleep(ZERO));
                log.add(name + ": " + statement);
                if (statement.contains("bad")) {
                    throw new IOException("syntax error");
                }
            });
        }

        Coroutine<Void> aclose() {
            return async(() -> {
                await(sleep(ZERO));
                log.add(name + " closed");
            });
        }
    }

    private Coroutine<Connection> open() {
        return later(1, new Connection("db"));
    }

    private AsyncContextManager<Connection> connection() {
        return asyncContextManager(out -> {
            var connection = await(open());
            try {
                out.yield(connection);
            } finally {
                await(connection.aclose());
            }
        });
    }

    private AsyncContextManager<Connection> transaction() {
        return asyncContextManager(out -> with(connection(), connection -> {
            await(connection.execute("begin"));
            try {
                out.yield(connection);
                await(connection.execute("commit"));
            } catch (Throwable e) {
                await(connection.execute("rollback"));
                throw e;
            }
        }));
    }

    @Test
    void aResourceIsClosedWhateverHappens() {
        inLoop(() -> {
            with(connection(), connection -> {
                await(connection.execute("select"));
            });
            assertThrows(
                    IOException.class,
                    () -> with(connection(), connection -> {
                        await(connection.execute("bad"));
                    }));
        });
        assertEquals(List.of("db: select", "db closed", "db: bad", "db closed"), log);
    }

    @Test
    void aTransactionEndsWithItsBlock() {
        inLoop(() -> {
            with(transaction(), connection -> {
                await(connection.execute("insert"));
            });
            assertEquals(List.of("db: begin", "db: insert", "db: commit", "db closed"), log);
            log.clear();
            assertThrows(
                    IOException.class,
                    () -> with(transaction(), connection -> {
                        await(connection.execute("bad"));
                    }));
            assertEquals(List.of("db: begin", "db: bad", "db: rollback", "db closed"), log);
        });
    }

    @Test
    void aManagerRunsInTheTaskAndTheContextOfItsBlock() {
        var var = ContextVar.<String>create("var");
        inLoop(() -> {
            AsyncContextManager<String> manager = asyncContextManager(out -> {
                var before = var.set("in the block");
                out.yield(currentTask().getName());
                var.reset(before);
            });
            with(manager, name -> {
                assertEquals(currentTask().getName(), name);
                assertEquals("in the block", var.get());
            });
            assertEquals("none", var.get("none"));
        });
    }

    @Test
    void neitherEntryNorExitCostsAnIteration() {
        inLoop(() -> {
            var ticker = Ticker.start();
            assertEquals(0, ticker.during(async(() -> with(asyncContextManager(out -> out.yield(1)), () -> {}))));
            ticker.stop();
        });
    }

    // ---- every case

    /** The body of a manager, whose block raises {@code error}, or nothing. */
    private void check(String expected, Throwable error, AsyncGenerator.Body<Object> body) {
        inLoop(() -> assertEquals(expected, run(asyncContextManager(body), error)));
    }

    private String run(AsyncContextManager<?> manager, Throwable error) {
        log.clear();
        String end;
        try {
            with(manager, value -> {
                log.add("block " + value);
                if (error != null) {
                    throw AsyncContextManagerTest.<RuntimeException>asItIs(error);
                }
            });
            end = "ended";
        } catch (Throwable raised) {
            end = show(raised) + (raised == error ? " itself" : "");
        }
        return log + " " + end;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    /** An exception up to the colon of its message, with what it was caused by, and what it has suppressed. */
    private static String show(Throwable error) {
        var message = error.getMessage();
        return error.getClass().getSimpleName()
                + (message == null ? "" : "(" + message.replaceFirst(":.*", "") + ")")
                + (error.getCause() == null ? "" : " caused by " + show(error.getCause()))
                + (error.getSuppressed().length == 0
                        ? ""
                        : " suppressed "
                                + Arrays.stream(error.getSuppressed())
                                        .map(AsyncContextManagerTest::show)
                                        .collect(Collectors.joining(", ", "[", "]")));
    }

    private static List<Throwable> everyKindOfError() {
        return List.of(
                new IllegalArgumentException("it"),
                new IOException("it"),
                new StopIteration("it"),
                new StopAsyncIteration(),
                new CancelledError("it"),
                new GeneratorExit(),
                new AssertionError("it"),
                new IllegalStateException("it"));
    }

    /** Suppressed, as far as it can be: what means an end keeps no others, but is kept. */
    private static String kept(Throwable error) {
        return " suppressed [" + show(error) + "]";
    }

    @Test
    void itEnters() {
        AsyncGenerator.Body<Object> body = out -> {
            log.add("enter");
            iterations(1);
            try {
                out.yield("value");
            } finally {
                iterations(1);
                log.add("exit");
            }
        };
        check("[enter, block value, exit] ended", null, body);
        for (var error : everyKindOfError()) {
            check("[enter, block value, exit] " + show(error) + " itself", error, body);
        }
    }

    @Test
    void nullIsAValueLikeAnyOther() {
        check("[block null] ended", null, out -> out.yield(null));
    }

    @Test
    void aBodyThatDoesNotYield() {
        check("[enter] IllegalStateException(generator didn't yield)", null, out -> log.add("enter"));
    }

    @Test
    void aBodyThatFailsBeforeItYields() {
        check("[] IllegalArgumentException(it)", null, out -> {
            throw new IllegalArgumentException("it");
        });
        check("[] IllegalStateException(async generator raised StopIteration) caused by StopIteration", null, out -> {
            throw new StopIteration(null);
        });
        check(
                "[] IllegalStateException(async generator raised StopAsyncIteration) caused by StopAsyncIteration",
                null,
                out -> {
                    throw new StopAsyncIteration();
                });
    }

    @Test
    void aBodyThatFailsAfterTheBlock() {
        check("[block 1] NoSuchElementException(at the exit)", null, out -> {
            out.yield(1);
            throw new NoSuchElementException("at the exit");
        });
        check(
                "[block 1] IllegalStateException(async generator raised StopIteration) caused by StopIteration",
                null,
                out -> {
                    out.yield(1);
                    throw new StopIteration(null);
                });
        check(
                "[block 1] IllegalStateException(async generator raised StopAsyncIteration)"
                        + " caused by StopAsyncIteration",
                null,
                out -> {
                    out.yield(1);
                    throw new StopAsyncIteration();
                });
    }

    @Test
    void aBodyThatYieldsTwiceIsClosed() {
        AsyncGenerator.Body<Object> body = out -> {
            try {
                try {
                    out.yield(1);
                } catch (Throwable e) {
                    log.add("got " + show(e));
                }
                out.yield(2);
                out.yield(3);
            } catch (GeneratorExit e) {
                log.add("GeneratorExit");
                throw e;
            } finally {
                iterations(1);
                log.add("closed");
            }
        };
        check("[block 1, GeneratorExit, closed] IllegalStateException(generator didn't stop)", null, body);
        for (var error : everyKindOfError()) {
            check(
                    "[block 1, got " + show(error) + ", GeneratorExit, closed]"
                            + " IllegalStateException(generator didn't stop after athrow())" + kept(error),
                    error,
                    body);
        }
    }

    @Test
    void aBodyThatYieldsTwiceAndCannotBeClosed() {
        AsyncGenerator.Body<Object> stubborn = out -> {
            try {
                try {
                    out.yield(1);
                } catch (IllegalArgumentException e) {
                    log.add("got " + show(e));
                }
                out.yield(2);
            } catch (GeneratorExit e) {
                out.yield(3);
            }
        };
        check(
                "[block 1] IllegalStateException(async generator ignored GeneratorExit)"
                        + " suppressed [IllegalStateException(generator didn't stop)]",
                null,
                stubborn);
        var error = new IllegalArgumentException("it");
        check(
                "[block 1, got IllegalArgumentException(it)] IllegalStateException(async generator ignored GeneratorExit)"
                        + " suppressed [IllegalStateException(generator didn't stop after athrow())"
                        + " suppressed [IllegalArgumentException(it)]]",
                error,
                stubborn);
        AsyncGenerator.Body<Object> failing = out -> {
            try {
                try {
                    out.yield(1);
                } catch (IllegalArgumentException e) {
                    log.add("got " + show(e));
                }
                out.yield(2);
            } catch (GeneratorExit e) {
                throw new NoSuchElementException("in the close");
            }
        };
        check(
                "[block 1] NoSuchElementException(in the close)"
                        + " suppressed [IllegalStateException(generator didn't stop)]",
                null,
                failing);
        check(
                "[block 1, got IllegalArgumentException(it)] NoSuchElementException(in the close)"
                        + " suppressed [IllegalStateException(generator didn't stop after athrow())"
                        + " suppressed [IllegalArgumentException(it)]]",
                new IllegalArgumentException("it"),
                failing);
    }

    @Test
    void aBodyThatSwallows() {
        for (var error : everyKindOfError()) {
            check("[block 1, got " + show(error) + "] ended", error, out -> {
                try {
                    out.yield(1);
                } catch (Throwable e) {
                    assertSame(error, e);
                    log.add("got " + show(e));
                }
            });
        }
    }

    @Test
    void aBodyThatThrowsItAgain() {
        for (var error : everyKindOfError()) {
            check("[block 1, got " + show(error) + "] " + show(error) + " itself", error, out -> {
                try {
                    out.yield(1);
                } catch (Throwable e) {
                    log.add("got " + show(e));
                    throw e;
                }
            });
        }
    }

    @Test
    void aBodyThatThrowsAnotherError() {
        for (var error : everyKindOfError()) {
            check("[block 1] NoSuchElementException(instead)" + kept(error), error, out -> {
                try {
                    out.yield(1);
                } catch (Throwable e) {
                    throw new NoSuchElementException("instead");
                }
            });
            check("[block 1] NoSuchElementException(finally)" + kept(error), error, out -> {
                try {
                    out.yield(1);
                } finally {
                    if (log.size() == 1) {
                        throw new NoSuchElementException("finally");
                    }
                }
            });
            check("[block 1] NoSuchElementException(instead) caused by " + show(error), error, out -> {
                try {
                    out.yield(1);
                } catch (Throwable e) {
                    throw new NoSuchElementException("instead", e);
                }
            });
            check(
                    "[block 1] IllegalStateException(async generator raised StopAsyncIteration)"
                            + " caused by StopAsyncIteration" + kept(error),
                    error,
                    out -> {
                        try {
                            out.yield(1);
                        } catch (Throwable e) {
                            throw new StopAsyncIteration();
                        }
                    });
            check(
                    "[block 1] IllegalStateException(async generator raised StopIteration)" + " caused by StopIteration"
                            + kept(error),
                    error,
                    out -> {
                        try {
                            out.yield(1);
                        } catch (Throwable e) {
                            throw new StopIteration("new");
                        }
                    });
        }
    }

    @Test
    void anIllegalStateExceptionOfTheBodysOwnAroundTheError() {
        for (var error : everyKindOfError()) {
            // As in Python: it is taken for what the generator made of it.
            var isStop = error instanceof StopIteration || error instanceof StopAsyncIteration;
            check(
                    "[block 1] "
                            + (isStop
                                    ? show(error) + " itself"
                                    : "IllegalStateException(mine) caused by " + show(error)),
                    error,
                    out -> {
                        try {
                            out.yield(1);
                        } catch (Throwable e) {
                            throw new IllegalStateException("mine", e);
                        }
                    });
        }
    }

    // ---- once

    private AsyncContextManager<String> noting(String name) {
        return asyncContextManager(out -> {
            log.add("enter " + name);
            try {
                out.yield(name);
            } catch (Throwable e) {
                log.add(name + " got " + show(e));
                throw e;
            } finally {
                log.add("exit " + name);
            }
        });
    }

    @Test
    void itIsForOneBlock() {
        inLoop(() -> {
            var manager = noting("a");
            with(manager, () -> {});
            log.clear();
            assertEquals("[] IllegalStateException(cannot enter twice)", run(manager, null));
            var nested = noting("b");
            assertThrows(
                    IllegalStateException.class,
                    () -> with(
                            nested,
                            () -> with(nested, () -> {
                                throw new AssertionError();
                            })));
            assertEquals(
                    List.of("enter b", "b got IllegalStateException(cannot enter twice)", "exit b"),
                    log.stream()
                            .map(line -> line.toString().replaceFirst("\\): .*", ")"))
                            .toList());
            AsyncContextManager<Object> failing = asyncContextManager(out -> {
                throw new IllegalArgumentException();
            });
            assertThrows(IllegalArgumentException.class, () -> await(failing.aenter()));
            assertThrows(IllegalStateException.class, () -> await(failing.aenter()));
        });
    }

    @Test
    void exitsWithoutAnEntryAndAfterAnExit() {
        inLoop(() -> {
            var error = new IllegalArgumentException("it");
            var notEntered = noting("a");
            assertThrows(IllegalStateException.class, () -> await(notEntered.aexit(null)));
            assertEquals(List.of("enter a", "a got GeneratorExit(The coroutine was closed)", "exit a"), log);
            assertFalse(await(noting("b").aexit(error)));
            var left = noting("c");
            await(left.aenter());
            assertFalse(await(left.aexit(null)));
            assertFalse(await(left.aexit(null)));
            var refusal = assertThrows(IllegalStateException.class, () -> await(left.aexit(error)));
            assertTrue(refusal.getMessage().startsWith("generator didn't stop after athrow()"), refusal::getMessage);
        });
    }

    // ---- cancellations

    private Coroutine<Void> slow(String name) {
        return noting(name, sleep(ofSeconds(100)));
    }

    /** Cancels a task with a manager's block, after so many iterations; gives its end. */
    private String cancelled(int iterations, AsyncContextManager<?> manager, Action block) {
        log.clear();
        var task = createTask(async(() -> {
            with(manager, () -> {
                log.add("block");
                block.run();
            });
            log.add("after the block");
        }));
        iterations(iterations);
        task.cancel("why");
        String end;
        try {
            await(task);
            end = "ended";
        } catch (Throwable error) {
            end = show(error);
        }
        assertEquals(1, task.cancelling());
        return log + " " + end + (task.cancelled() ? " cancelled" : "");
    }

    @Test
    void cancelledAtTheEntry() {
        inLoop(() -> assertEquals(
                "[enter cancelled: why, finally] CancelledError(why) cancelled",
                cancelled(
                        2,
                        asyncContextManager(out -> {
                            try {
                                await(slow("enter"));
                                out.yield(1);
                            } finally {
                                log.add("finally");
                            }
                        }),
                        () -> {})));
    }

    @Test
    void cancelledInTheBlock() {
        inLoop(() -> {
            assertEquals(
                    "[block, block cancelled: why, got CancelledError(why), finally] CancelledError(why) cancelled",
                    cancelled(
                            4,
                            asyncContextManager(out -> {
                                iterations(1);
                                try {
                                    out.yield(1);
                                } catch (Throwable e) {
                                    log.add("got " + show(e));
                                    throw e;
                                } finally {
                                    iterations(1);
                                    log.add("finally");
                                }
                            }),
                            () -> await(slow("block"))));
            assertEquals(
                    "[block, block cancelled: why, got CancelledError(why), after the block] ended",
                    cancelled(
                            4,
                            asyncContextManager(out -> {
                                try {
                                    out.yield(1);
                                } catch (CancelledError e) {
                                    log.add("got " + show(e));
                                }
                            }),
                            () -> await(slow("block"))));
            assertEquals(
                    "[block, block cancelled: why] IllegalArgumentException(rather) suppressed [CancelledError(why)]",
                    cancelled(
                            4,
                            asyncContextManager(out -> {
                                try {
                                    out.yield(1);
                                } catch (CancelledError e) {
                                    throw new IllegalArgumentException("rather");
                                }
                            }),
                            () -> await(slow("block"))));
        });
    }

    @Test
    void cancelledAtTheExit() {
        Action failing = () -> {
            throw new IllegalArgumentException("block");
        };
        AsyncGenerator.Body<Object> slowExit = out -> {
            try {
                out.yield(1);
            } finally {
                await(slow("exit"));
                log.add("not reached");
            }
        };
        inLoop(() -> {
            assertEquals(
                    "[block, exit cancelled: why] CancelledError(why) cancelled",
                    cancelled(4, asyncContextManager(slowExit), () -> {}));
            assertEquals(
                    "[block, exit cancelled: why] CancelledError(why) suppressed [IllegalArgumentException(block)]"
                            + " cancelled",
                    cancelled(4, asyncContextManager(slowExit), failing));
            assertEquals(
                    "[block, exit cancelled: why, swallowed] IllegalArgumentException(block)",
                    cancelled(
                            4,
                            asyncContextManager(out -> {
                                try {
                                    out.yield(1);
                                } catch (IllegalArgumentException e) {
                                    try {
                                        await(slow("exit"));
                                    } catch (CancelledError swallowed) {
                                        log.add("swallowed");
                                    }
                                    throw e;
                                }
                            }),
                            failing));
        });
    }

    @Test
    void aTimeoutAround() {
        for (var where : List.of("enter", "block", "exit")) {
            log.clear();
            inLoop(() -> {
                AsyncContextManager<String> manager = asyncContextManager(out -> {
                    try {
                        if (where.equals("enter")) {
                            await(slow("enter"));
                        }
                        out.yield(where);
                    } finally {
                        if (where.equals("exit")) {
                            await(slow("exit"));
                        }
                        log.add("finally");
                    }
                });
                var error = assertThrows(
                        TimeoutException.class,
                        () -> with(
                                timeout(ofMillis(10)),
                                () -> with(manager, () -> {
                                    if (where.equals("block")) {
                                        await(slow("block"));
                                    }
                                })));
                assertTrue(error.getCause() instanceof CancelledError);
            });
            assertEquals(where + " cancelled: null", log.get(0));
            assertEquals(where.equals("exit") ? 1 : 2, log.size());
        }
    }

    @Test
    void noCancellationLeavesItOpen() {
        EveryAwait.check("asyncContextManager", stage -> {
            var open = new ArrayList<String>();
            AsyncContextManager<String> manager = asyncContextManager(out -> {
                await(sleep(ofMillis(2)));
                open.add("open");
                try {
                    out.yield("value");
                } finally {
                    open.clear();
                }
            });
            stage.victim(async(() -> {
                with(manager, () -> {
                    await(sleep(ofMillis(2)));
                });
            }));
            stage.other("other", later(3, null));
            stage.afterwards(() -> assertEquals(List.of(), open));
        });
    }

    // ---- together with others

    @Test
    void inAnExitStack() {
        inLoop(() -> {
            with(AsyncExitStack.create(), stack -> {
                assertEquals("a", await(stack.enterAsyncContext(noting("a"))));
                assertEquals("b", await(stack.enterAsyncContext(noting("b"))));
            });
            assertEquals(List.of("enter a", "enter b", "exit b", "exit a"), log);
            log.clear();
            AsyncContextManager<String> swallowing = asyncContextManager(out -> {
                try {
                    out.yield("b");
                } catch (IllegalArgumentException e) {
                    log.add("b swallows");
                }
            });
            with(AsyncExitStack.create(), stack -> {
                await(stack.enterAsyncContext(noting("a")));
                await(stack.enterAsyncContext(swallowing));
                await(stack.enterAsyncContext(noting("c")));
                if (!log.isEmpty()) {
                    throw new IllegalArgumentException("it");
                }
            });
            assertEquals(
                    List.of(
                            "enter a",
                            "enter c",
                            "c got IllegalArgumentException(it)",
                            "exit c",
                            "b swallows",
                            "exit a"),
                    log);
        });
    }

    @Test
    void inAnExitStackErrorsAreKept() {
        inLoop(() -> {
            AsyncContextManager<String> failing = asyncContextManager(out -> {
                try {
                    out.yield("b");
                } finally {
                    throw new NoSuchElementException("instead");
                }
            });
            var error = assertThrows(
                    NoSuchElementException.class,
                    () -> with(AsyncExitStack.create(), stack -> {
                        await(stack.enterAsyncContext(noting("a")));
                        await(stack.enterAsyncContext(failing));
                        if (!log.isEmpty()) {
                            throw new IllegalArgumentException("it");
                        }
                    }));
            var kept = "NoSuchElementException(instead) suppressed [IllegalArgumentException(it)]";
            assertEquals(kept, show(error));
            assertEquals(List.of("enter a", "a got " + kept, "exit a"), log);
            log.clear();
            assertThrows(
                    IllegalStateException.class,
                    () -> with(AsyncExitStack.create(), stack -> {
                        await(stack.enterAsyncContext(noting("a")));
                        await(stack.enterAsyncContext(asyncContextManager(out -> {})));
                    }));
            assertEquals("[enter a, a got IllegalStateException(generator didn't yield), exit a]", log.toString());
        });
    }

    @Test
    void inAGeneratorThatIsClosed() {
        inLoop(() -> {
            AsyncGenerator<Integer> numbers = asyncGenerator(out -> with(noting("a"), () -> {
                for (int i = 0; ; i++) {
                    out.yield(i);
                }
            }));
            with(aclosing(numbers), items -> {
                await(items.anext());
            });
            assertEquals(List.of("enter a", "a got GeneratorExit(The coroutine was closed)", "exit a"), log);
        });
    }

    @Test
    void oneThatIsNeverLeftEndsWithTheLoop() {
        inLoop(() -> await(noting("a").aenter()));
        assertEquals(List.of("enter a", "a got GeneratorExit(The coroutine was closed)", "exit a"), log);
    }
}

package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.using;
import static asyncio.Asyncio.with;
import static asyncio.semantics.VirtualTime.inVirtualTime;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Future;
import asyncio.GeneratorExit;
import asyncio.KeyboardInterrupt;
import asyncio.Task;
import asyncio.TaskGroup;
import asyncio.TaskOptions;
import asyncio.TimeoutException;
import asyncio.WithBlock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskGroupTest extends OnLoop {
    private static final Duration LONG = ofSeconds(1000);

    private static <T> Coroutine<T> failing(int iterations, Throwable error) {
        return async(() -> {
            iterations(iterations);
            throw TaskGroupTest.<RuntimeException>asItIs(error);
        });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    /** A coroutine that makes an exception of its cancellation. */
    private static Coroutine<Void> badCleanup(RuntimeException error) {
        return async(() -> {
            try {
                await(sleep(LONG));
            } catch (CancelledError e) {
                throw error;
            }
        });
    }

    private static List<Throwable> errorsOf(WithBlock<TaskGroup, ?> block) {
        return assertThrowsExactly(ExceptionGroup.class, () -> with(taskGroup(), block))
                .exceptions();
    }

    private static RuntimeException boom() {
        return new IllegalArgumentException("boom");
    }

    // ---- the block ends when all have

    @Test
    void theBlockWaitsForItsChildrenAndTheirSiblings() {
        inLoop(() -> {
            var tasks = new ArrayList<Task<String>>();
            var value = using(taskGroup(), group -> {
                tasks.add(group.createTask(async(() -> {
                    iterations(2);
                    tasks.add(group.createTask(later(3, "sibling")));
                    return "child";
                })));
                return "value";
            });
            assertEquals("value", value);
            assertEquals(
                    List.of("child", "sibling"),
                    tasks.stream().map(Task::result).toList());
        });
    }

    @Test
    void anEmptyGroupDoesNotSuspend() {
        inLoop(() -> {
            getRunningLoop().callSoon(() -> log.add("callback"));
            with(taskGroup(), () -> {});
            assertEquals(List.of(), log);
        });
    }

    @Test
    void childrenStartInTheirOrderAndBearTheirNames() {
        inLoop(() -> {
            with(taskGroup(), group -> {
                for (var name : List.of("a", "b", "c")) {
                    group.createTask(async(() -> log.add(currentTask().getName())), name);
                }
                assertEquals(List.of(), log);
            });
            assertEquals(List.of("a", "b", "c"), log);
        });
    }

    @Test
    void childrenThatEndedDuringTheBlockAreLeftAlone() {
        inLoop(() -> with(taskGroup(), group -> {
            var child = group.createTask(instant("a"));
            assertEquals("a", await(child));
            iterations(2);
            assertTrue(group.toString().contains("entered"), group.toString());
            assertFalse(group.toString().contains("tasks="), group.toString());
        }));
    }

    @Test
    void manyChildren() {
        int count = 10_000 / Integer.getInteger("asyncio.tests.divisor", 1);
        inLoop(() -> {
            var sum = new int[1];
            with(taskGroup(), group -> {
                for (int n = 0; n < count; n++) {
                    int i = n;
                    group.createTask(async(() -> {
                        iterations(i % 5);
                        sum[0] += 1;
                    }));
                }
            });
            assertEquals(count, sum[0]);
        });
    }

    @Test
    void manyChildrenOfWhichOneFails() {
        inLoop(() -> {
            var error = boom();
            var tasks = new ArrayList<Task<?>>();
            assertEquals(List.of(error), errorsOf(group -> {
                for (int n = 0; n < 10_000; n++) {
                    tasks.add(group.createTask(n == 5_000 ? failing(1, error) : sleep(LONG)));
                }
            }));
            assertEquals(9_999, tasks.stream().filter(Task::cancelled).count());
        });
    }

    // ---- failures

    @Test
    void theFirstFailureCancelsTheOthersAndTheBlock() {
        inLoop(() -> {
            var error = boom();
            var errors = errorsOf(group -> {
                group.createTask(noting("sibling", sleep(LONG)));
                group.createTask(failing(2, error));
                try {
                    await(sleep(LONG));
                } finally {
                    assertEquals(1, currentTask().cancelling());
                    log.add("block ends");
                }
            });
            assertEquals(List.of(error), errors);
            assertEquals(List.of("sibling cancelled: null", "block ends"), log);
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void aFailureWhileTheBlockWaitsCancelsTheOthers() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> {
                group.createTask(noting("sibling", sleep(LONG)));
                group.createTask(failing(2, error));
            }));
            assertEquals(List.of("sibling cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void theLastChildMayFail() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> group.createTask(failing(0, error))));
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void failuresAreInTheOrderInWhichTheyHappenedAndTheBlocksIsTheLast() {
        inLoop(() -> {
            var one = new IllegalArgumentException("one");
            var two = new IllegalArgumentException("two");
            var cleanup = new IllegalArgumentException("cleanup");
            var body = new IllegalArgumentException("body");
            assertEquals(List.of(two, one, cleanup, body), errorsOf(group -> {
                group.createTask(badCleanup(cleanup));
                group.createTask(async(() -> {
                    iterations(2);
                    group.createTask(sleep(LONG));
                    throw one;
                }));
                group.createTask(failing(1, two));
                try {
                    await(sleep(LONG));
                } finally {
                    throw body;
                }
            }));
            iterations(2);
        });
    }

    @Test
    void theMessageTellsHowManyThereAre() {
        inLoop(() -> {
            var one = assertThrows(
                    ExceptionGroup.class,
                    () -> with(taskGroup(), (TaskGroup group) -> group.createTask(failing(0, boom()))));
            assertEquals("unhandled errors in a TaskGroup (1 sub-exception)", one.getMessage());
            var two = assertThrows(
                    ExceptionGroup.class,
                    () -> with(taskGroup(), group -> {
                        group.createTask(failing(0, boom()));
                        group.createTask(failing(0, boom()));
                    }));
            assertEquals("unhandled errors in a TaskGroup (2 sub-exceptions)", two.getMessage());
        });
    }

    @Test
    void theTraceShowsTheBlockAndTheChildren() {
        inLoop(() -> {
            var raised = assertThrows(
                    ExceptionGroup.class,
                    () -> with(taskGroup(), (TaskGroup group) -> group.createTask(failing(1, boom()))));
            assertTrue(
                    Stream.of(raised.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().contains("theTraceShowsTheBlock")),
                    () -> Stream.of(raised.getStackTrace()).toList().toString());
        });
    }

    @Test
    void anErrorOfTheBlockCancelsTheChildrenAndIsWrappedToo() {
        inLoopWithReports(() -> {
            var error = boom();
            var errors = errorsOf(group -> {
                group.createTask(noting("child", sleep(LONG)));
                iterations(1);
                group.createTask(noting("not started", sleep(LONG)));
                throw error;
            });
            assertEquals(List.of(error), errors);
            assertEquals(List.of("child cancelled: null"), log);
        });
        // The sleep that the second child was given.
        assertEquals(List.of("Coroutine 'Asyncio.sleep' was never awaited, and so never ran"), messages());
    }

    @Test
    void aBlockThatMakesAResultOfItsCancellationDoesNotHideTheFailure() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> {
                group.createTask(failing(0, error));
                cancelledBy(sleep(LONG));
                iterations(3);
            }));
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void errorsThatAreNoExceptionsAreMembersLikeAnyOther() {
        inLoop(() -> {
            var error = new AssertionError("an Error");
            var checked = new IOException("checked");
            assertEquals(List.of(error, checked), errorsOf(group -> {
                group.createTask(failing(0, error));
                group.createTask(failing(0, checked));
            }));
        });
    }

    @Test
    void aGroupThatFailedTakesNoMoreTasks() {
        inLoop(() -> {
            errorsOf(group -> {
                group.createTask(failing(0, boom()));
                try {
                    await(sleep(LONG));
                } finally {
                    var refused = async(() -> log.add("must not run"));
                    var refusal = assertThrows(IllegalStateException.class, () -> group.createTask(refused));
                    assertTrue(refusal.getMessage().contains("is shutting down"), refusal.getMessage());
                    assertClosed(refused);
                }
            });
            assertEquals(List.of(), log);
        });
    }

    private static void assertClosed(Coroutine<?> coroutine) {
        var closed = assertThrows(IllegalStateException.class, () -> await(coroutine));
        assertTrue(closed.getMessage().contains("closed"), closed.getMessage());
    }

    @Test
    void failuresOfAGroupAreNotReported() {
        inLoop(() -> {
            errorsOf(group -> {
                group.createTask(failing(0, boom()));
                group.createTask(badCleanup(boom()));
            });
            System.gc();
            iterations(3);
        });
        // inLoop has seen that nothing was reported, not even at the end.
    }

    // ---- cancellations

    @Test
    void aChildThatIsCancelledHasNotFailed() {
        inLoop(() -> {
            with(taskGroup(), group -> {
                var victim = group.createTask(sleep(LONG));
                var sibling = group.createTask(later(4, "sibling"));
                group.createTask(failing(0, new CancelledError("spontaneous")));
                iterations(1);
                victim.cancel();
                assertEquals("sibling", await(sibling));
            });
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void whoAwaitsACancelledChildInTheBlockIsNotCancelledButTheErrorLeavesTheGroup() {
        inLoop(() -> {
            var raised = assertThrows(
                    CancelledError.class,
                    () -> with(taskGroup(), group -> {
                        group.createTask(noting("sibling", sleep(LONG)));
                        var victim = group.createTask(sleep(LONG));
                        iterations(1);
                        victim.cancel("victim");
                        await(victim);
                    }));
            assertEquals("victim", raised.getMessage());
            assertEquals(List.of("sibling cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aCancellationOfTheParentReachesTheChildrenAndWaitsForThem() {
        inLoop(() -> {
            for (var inBlock : List.of(true, false)) {
                log.clear();
                var parent = createTask(async(() -> with(taskGroup(), group -> {
                    group.createTask(async(() -> {
                        cancelledBy(sleep(LONG));
                        iterations(5);
                        log.add("child cleaned up");
                    }));
                    if (inBlock) {
                        await(sleep(LONG));
                    }
                })));
                iterations(3);
                parent.cancel("outside");
                assertEquals("outside", cancelledBy(parent).getMessage());
                assertEquals(List.of("child cleaned up"), log);
                assertEquals(1, parent.cancelling());
            }
        });
    }

    @Test
    void furtherCancellationsWhileItWaitsAreAbsorbedAndTheFirstIsRaised() {
        inLoop(() -> {
            var parent = createTask(async(() -> with(taskGroup(), group -> {
                group.createTask(async(() -> {
                    cancelledBy(sleep(LONG));
                    iterations(5);
                    log.add("child cleaned up");
                }));
            })));
            iterations(2);
            for (var message : List.of("1", "2", "3")) {
                parent.cancel(message);
                iterations(2);
            }
            assertEquals("1", cancelledBy(parent).getMessage());
            assertEquals(List.of("child cleaned up"), log);
            assertEquals(3, parent.cancelling());
        });
    }

    @Test
    void failuresWinOverACancellationWhichIsRaisedAtTheNextAwait() {
        inLoop(() -> {
            var parent = createTask(async(() -> {
                errorsOf(group -> {
                    group.createTask(badCleanup(boom()));
                    await(sleep(LONG));
                });
                log.add(currentTask().cancelling());
                cancelledBy(sleep(ZERO));
                log.add(currentTask().cancelling());
                iterations(3);
            }));
            iterations(2);
            parent.cancel("outside");
            await(parent);
            assertEquals(List.of(1, 1), log);
        });
    }

    @Test
    void aFailureAndACancellationInTheSameIteration() {
        inLoop(() -> {
            for (var cancelFirst : List.of(true, false)) {
                log.clear();
                var error = boom();
                var parent = createTask(async(() -> {
                    assertEquals(List.of(error), errorsOf(group -> {
                        Future<Void> future = getRunningLoop().createFuture();
                        var me = currentTask();
                        group.createTask(async(() -> {
                            await(future);
                        }));
                        getRunningLoop().callSoon(() -> {
                            if (cancelFirst) {
                                getRunningLoop().callSoon(() -> getRunningLoop().callSoon(me::cancel));
                            }
                            future.setException(error);
                            if (!cancelFirst) {
                                getRunningLoop().callSoon(() -> getRunningLoop().callSoon(me::cancel));
                            }
                        });
                        await(sleep(LONG));
                    }));
                    assertEquals(1, currentTask().cancelling());
                    cancelledBy(sleep(LONG));
                }));
                await(parent);
            }
        });
    }

    @Test
    void aGroupInATimeoutIsCancelledByIt() {
        inVirtualTime(() -> {
            assertThrows(
                    TimeoutException.class,
                    () -> with(
                            timeout(ofSeconds(1)),
                            () -> with(taskGroup(), group -> {
                                group.createTask(noting("child", sleep(LONG)));
                            })));
            assertEquals(List.of("child cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aTimeoutInTheBlockIsAFailureOfTheBlock() {
        inVirtualTime(() -> {
            var errors = errorsOf(group -> {
                group.createTask(sleep(LONG));
                with(timeout(ofSeconds(1)), () -> {
                    await(sleep(LONG));
                });
            });
            assertInstanceOf(TimeoutException.class, errors.get(0));
            assertEquals(0, currentTask().cancelling());
        });
    }

    // ---- nested

    @Test
    void nestedGroupsWrapOncePerLevel() {
        inLoop(() -> {
            var error = boom();
            var errors = errorsOf(outer -> {
                outer.createTask(noting("outer sibling", sleep(LONG)));
                iterations(1);
                with(taskGroup(), inner -> {
                    inner.createTask(failing(0, error));
                });
            });
            var inner = assertInstanceOf(ExceptionGroup.class, errors.get(0));
            assertEquals(List.of(error), inner.exceptions());
            assertEquals(List.of("outer sibling cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void bothMayFailAtOnce() {
        inLoop(() -> {
            var ofOuter = new IllegalArgumentException("outer");
            var ofInner = new IllegalArgumentException("inner");
            var errors = errorsOf(outer -> {
                outer.createTask(failing(1, ofOuter));
                with(taskGroup(), inner -> {
                    inner.createTask(failing(1, ofInner));
                    await(sleep(LONG));
                });
            });
            assertSame(ofOuter, errors.get(0));
            assertEquals(List.of(ofInner), ((ExceptionGroup) errors.get(1)).exceptions());
            assertEquals(2, errors.size());
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void aFailureOfTheOuterOneGoesThroughTheInner() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(outer -> {
                outer.createTask(failing(2, error));
                with(taskGroup(), inner -> {
                    inner.createTask(noting("inner child", sleep(LONG)));
                });
                log.add("must not be");
            }));
            assertEquals(List.of("inner child cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aCancellationOfTheParentEndsBoth() {
        inLoop(() -> {
            var parent = createTask(async(() -> with(taskGroup(), outer -> {
                outer.createTask(noting("outer", sleep(LONG)));
                with(taskGroup(), inner -> {
                    inner.createTask(noting("inner", sleep(LONG)));
                });
            })));
            iterations(2);
            parent.cancel("outside");
            assertEquals("outside", cancelledBy(parent).getMessage());
            assertEquals(List.of("inner cancelled: null", "outer cancelled: null"), log);
            assertEquals(1, parent.cancelling());
        });
    }

    // ---- cancel

    @Test
    void cancelEndsTheBlockWithoutAnException() {
        inLoop(() -> {
            assertNull(using(taskGroup(), group -> {
                group.createTask(noting("child", sleep(LONG)));
                iterations(1);
                group.cancel();
                group.cancel();
                log.add("goes on to the next await");
                await(sleep(LONG));
                return "must not be";
            }));
            assertEquals(List.of("goes on to the next await", "child cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void aBlockThatIsCancelledAndReturnsHasItsValue() {
        inLoop(() -> {
            assertEquals("value", using(taskGroup(), group -> {
                group.cancel();
                return "value";
            }));
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void aChildMayCancelTheGroupWhileTheBlockWaits() {
        inLoop(() -> {
            with(taskGroup(), group -> {
                group.createTask(noting("sibling", sleep(LONG)));
                group.createTask(async(() -> {
                    iterations(2);
                    group.cancel();
                    assertEquals(1, currentTask().cancelling());
                }));
            });
            assertEquals(List.of("sibling cancelled: null"), log);
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void failuresAfterACancelAreRaised() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> {
                group.createTask(badCleanup(error));
                iterations(1);
                group.cancel();
                await(sleep(LONG));
            }));
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void anErrorOfTheBlockAfterACancelIsRaised() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> {
                group.cancel();
                throw error;
            }));
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void aCancellationFromOutsideBesideACancelGoesOn() {
        inLoop(() -> {
            var parent = createTask(async(() -> with(taskGroup(), group -> {
                group.createTask(sleep(LONG));
                iterations(1);
                group.cancel();
                currentTask().cancel("outside");
                await(sleep(LONG));
            })));
            cancelledBy(parent);
            assertEquals(1, parent.cancelling());
        });
    }

    @Test
    void aGroupCancelledBeforeItsBlockIsCancelledOnEntry() {
        inLoop(() -> {
            var group = taskGroup();
            group.cancel();
            with(group, () -> {
                log.add("starts");
                var refusal = assertThrows(IllegalStateException.class, () -> group.createTask(sleep(LONG)));
                assertTrue(refusal.getMessage().contains("is shutting down"), refusal.getMessage());
                await(sleep(ZERO));
                log.add("must not be");
            });
            assertEquals(List.of("starts"), log);
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void cancelAfterTheBlockDoesNothing() {
        inLoop(() -> {
            var group = taskGroup();
            with(group, () -> {});
            group.cancel();
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    // ---- fatal errors

    @Test
    void aFatalErrorOfAChildComesOutBare() {
        var fatal = new KeyboardInterrupt();
        assertSame(
                fatal,
                assertThrows(
                        KeyboardInterrupt.class,
                        () -> inLoopWithReports(() -> {
                            try {
                                with(taskGroup(), group -> {
                                    group.createTask(noting("sibling", sleep(LONG)));
                                    group.createTask(failing(1, fatal));
                                    await(sleep(LONG));
                                });
                            } catch (Throwable e) {
                                log.add(e);
                                throw e;
                            } finally {
                                log.add(currentTask().cancelling());
                            }
                        })));
        // It left the loop at once; the group heard of it, and ended, when the program was cleaned up.
        assertEquals(List.of("sibling cancelled: null", fatal), log.subList(0, 2));
    }

    @Test
    void aFatalErrorOfTheBlockComesOutBareWhenTheChildrenHaveEnded() {
        var fatal = new KeyboardInterrupt();
        assertSame(
                fatal,
                assertThrows(
                        KeyboardInterrupt.class,
                        () -> inLoop(() -> with(taskGroup(), (TaskGroup group) -> {
                            group.createTask(noting("child", sleep(LONG)));
                            group.createTask(badCleanup(boom()));
                            iterations(1);
                            throw fatal;
                        }))));
        assertEquals(List.of("child cancelled: null"), log);
    }

    @Test
    void aLoneGeneratorExitOfTheBlockComesOutBare() {
        inLoop(() -> {
            var exit = new GeneratorExit();
            assertSame(
                    exit,
                    assertThrows(
                            GeneratorExit.class,
                            () -> with(taskGroup(), (TaskGroup group) -> {
                                group.createTask(sleep(LONG));
                                throw exit;
                            })));
            var error = boom();
            assertEquals(List.of(error, exit), errorsOf(group -> {
                group.createTask(badCleanup(error));
                iterations(1);
                throw exit;
            }));
        });
    }

    // ---- eager tasks

    @Test
    void anEagerChildThatHasEndedIsHeardOfLater() {
        inLoop(() -> {
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> {
                var child = group.createTask(failing(0, error), TaskOptions.eager());
                assertTrue(child.done());
                group.createTask(sleep(LONG));
                log.add("the block goes on");
            }));
            assertEquals(List.of("the block goes on"), log);
            with(taskGroup(), group -> {
                assertEquals(
                        "value",
                        group.createTask(instant("value"), TaskOptions.eager()).result());
            });
        });
    }

    @Test
    void anEagerChildThatCancelsItsGroupIsCancelledItself() {
        inLoop(() -> {
            with(taskGroup(), group -> {
                group.createTask(
                        async(() -> {
                            group.cancel();
                            log.add("child " + cancelledBy(sleep(LONG)).getMessage());
                        }),
                        TaskOptions.eager());
                await(sleep(LONG));
            });
            assertEquals(List.of("child null"), log);
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aSiblingThatFailsWhileAChildIsBeingMadeCancelsThatChildAtItsFirstAwait() {
        inLoop(() -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            var error = boom();
            assertEquals(List.of(error), errorsOf(group -> {
                group.createTask(async(() -> {
                    group.createTask(failing(0, error));
                    cancelledBy(sleep(LONG));
                    log.add("cancelled");
                }));
            }));
            assertEquals(List.of("cancelled"), log);
        });
    }

    // ---- misuse

    @Test
    void tasksAreRefusedBeforeAndAfterTheBlock() {
        inLoop(() -> {
            var group = taskGroup();
            var early = async(() -> log.add("must not run"));
            assertTrue(assertThrows(IllegalStateException.class, () -> group.createTask(early))
                    .getMessage()
                    .contains("has not been entered"));
            assertClosed(early);
            with(group, () -> {});
            var late = async(() -> log.add("must not run"));
            assertTrue(assertThrows(IllegalStateException.class, () -> group.createTask(late, "late"))
                    .getMessage()
                    .contains("is finished"));
            assertClosed(late);
            iterations(2);
            assertEquals(List.of(), log);
        });
    }

    @Test
    void itServesOneBlock() {
        inLoop(() -> {
            var group = taskGroup();
            with(group, () -> {
                assertThrows(IllegalStateException.class, () -> with(group, () -> {}));
            });
            assertThrows(IllegalStateException.class, () -> with(group, () -> {}));
        });
    }

    @Test
    void itNeedsATask() {
        assertThrows(IllegalStateException.class, () -> taskGroup().aenter().doAwait());
        inLoop(() -> {
            getRunningLoop().callSoon(() -> {
                assertThrows(
                        IllegalStateException.class, () -> taskGroup().aenter().doAwait());
                log.add("refused");
            });
            iterations(2);
            assertEquals(List.of("refused"), log);
        });
    }

    @Test
    void aChildOfAParentThatHasEndedIsReported() {
        var error = boom();
        inLoopWithReports(() -> {
            var group = taskGroup();
            // A block that was entered by hand, and never left.
            await(createTask(async(() -> {
                await(group.aenter());
            })));
            group.createTask(failing(0, error));
            iterations(3);
        });
        assertEquals(1, reports.size());
        assertSame(error, reports.get(0).exception());
        assertTrue(reports.get(0).message().contains("has ended already"));
    }

    @Test
    void theTextTellsTheState() {
        inLoop(() -> {
            var group = taskGroup();
            assertEquals("<TaskGroup>", group.toString());
            with(group, () -> {
                group.createTask(instant("a"));
                assertEquals("<TaskGroup entered tasks=1>", group.toString());
            });
            assertEquals("<TaskGroup finished>", group.toString());
        });
    }
}

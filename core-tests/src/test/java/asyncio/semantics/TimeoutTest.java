package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.timeoutAt;
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
import asyncio.ExceptionGroup;
import asyncio.Future;
import asyncio.Task;
import asyncio.TimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeoutTest extends OnLoop {
    private static final Duration LONG = ofSeconds(1000);

    /** What a block raises that is left by the exception of another. */
    private static final class Chained extends RuntimeException {
        Chained(Throwable cause) {
            super("chained", cause);
        }
    }

    private static TimeoutException timesOut(asyncio.Action action) {
        return assertThrowsExactly(TimeoutException.class, action::run);
    }

    // ---- the block

    @Test
    void theBodyIsCancelledOnceAndTheTimeoutIsRaisedOutside() {
        inVirtualTime(() -> {
            var start = getRunningLoop().time();
            var scope = timeout(ofSeconds(1));
            var raised = timesOut(() -> with(scope, () -> {
                var error = cancelledBy(sleep(LONG));
                assertEquals(1, currentTask().cancelling());
                assertTrue(scope.expired());
                iterations(3);
                log.add(error);
                throw error;
            }));
            assertSame(log.get(0), raised.getCause());
            assertEquals("The block did not end within 1 s", raised.getMessage());
            assertEquals(start.plusSeconds(1), getRunningLoop().time());
            assertEquals(0, currentTask().cancelling());
            iterations(2);
        });
    }

    @Test
    void aBlockThatEndsInTimeGivesItsValue() {
        inVirtualTime(() -> {
            var start = getRunningLoop().time();
            var scope = timeout(LONG);
            assertEquals("value", using(scope, () -> await(sleep(ofSeconds(1), "value"))));
            assertFalse(scope.expired());
            assertEquals(start.plusSeconds(1), getRunningLoop().time());
            await(sleep(LONG.multipliedBy(2)));
            assertEquals(0, currentTask().cancelling(), "nothing happens at the old deadline");
        });
    }

    @Test
    void anExceptionOfTheBlockPassesUnchanged() {
        inLoop(() -> {
            var error = new IllegalArgumentException("own");
            var scope = timeout(LONG);
            assertSame(
                    error,
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> with(scope, () -> {
                                throw error;
                            })));
            assertFalse(scope.expired());
            assertEquals(0, error.getSuppressed().length);
            assertNull(error.getCause());
        });
    }

    @Test
    void aBlockThatNeverSuspendsIsNotStopped() {
        inLoop(() -> {
            for (var delay : List.of(ZERO, ofSeconds(-1))) {
                var scope = timeout(delay);
                assertEquals("value", using(scope, () -> await(instant("value"))));
                assertFalse(scope.expired());
            }
        });
    }

    @Test
    void aDeadlineThatHasPassedIsRaisedAtTheFirstSuspension() {
        inLoop(() -> {
            for (var delay : List.of(ZERO, ofSeconds(-1))) {
                var scope = timeout(delay);
                timesOut(() -> with(scope, () -> {
                    log.add("starts");
                    await(sleep(ZERO));
                    log.add("must not be");
                }));
                assertTrue(scope.expired());
            }
            assertEquals(List.of("starts", "starts"), log);
        });
    }

    @Test
    void aBlockThatSwallowsTheCancellationEndsNormally() {
        inVirtualTime(() -> {
            var scope = timeout(ofSeconds(1));
            assertEquals("value", using(scope, () -> {
                cancelledBy(sleep(LONG));
                iterations(3);
                return "value";
            }));
            assertTrue(scope.expired());
            assertEquals(0, currentTask().cancelling());
            iterations(3);
        });
    }

    @Test
    void theResultThatIsThereAtTheDeadlineIsNotReturned() {
        inVirtualTime(() -> {
            Future<String> future = getRunningLoop().createFuture();
            getRunningLoop().callLater(ofSeconds(1), () -> future.setResult("result"));
            timesOut(() -> with(timeout(ofSeconds(1)), () -> {
                await(future);
            }));
            assertEquals("result", future.result());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void whatHappensJustBeforeTheDeadlineIsInTime() {
        inVirtualTime(() -> {
            var scope = timeout(ofSeconds(1));
            var end = getRunningLoop().time().plusSeconds(1);
            assertEquals("slept", using(scope, () -> {
                return await(sleep(end.minusNanos(1).minus(getRunningLoop().time()), "slept"));
            }));
        });
    }

    // ---- other requests for cancellation

    @Test
    void aCancellationFromOutsideGoesOn() {
        inVirtualTime(() -> {
            var scope = timeout(LONG);
            var task = createTask(async(() -> with(scope, () -> {
                await(sleep(LONG));
            })));
            iterations(1);
            task.cancel("outside");
            assertEquals("outside", cancelledBy(task).getMessage());
            assertFalse(scope.expired());
            assertEquals(1, task.cancelling());
        });
    }

    @Test
    void aCancellationFromOutsideGoesOnAlsoWhereTheTimeIsOverInTheSameIteration() {
        for (boolean timeoutFirst : List.of(true, false)) {
            inVirtualTime(() -> {
                var scope = timeout(null);
                var deadline = getRunningLoop().time().plusSeconds(1);
                var task = createTask(async(() -> with(scope, () -> {
                    if (timeoutFirst) {
                        scope.reschedule(deadline);
                    }
                    getRunningLoop().callAt(deadline, ((Task<?>) currentTask())::cancel);
                    if (!timeoutFirst) {
                        scope.reschedule(deadline);
                    }
                    await(sleep(LONG));
                })));
                cancelledBy(task);
                assertTrue(scope.expired());
                assertTrue(task.cancelled());
                assertEquals(1, task.cancelling());
            });
        }
    }

    @Test
    void aRequestFromBeforeTheBlockDoesNotCount() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                currentTask().cancel();
                cancelledBy(sleep(LONG));
                timesOut(() -> with(timeout(ZERO), () -> {
                    await(sleep(LONG));
                }));
                assertEquals(1, currentTask().cancelling());
            }));
            await(task);
        });
    }

    /** As newest CPython does, where it is not decided whether that stays so: python/cpython#134471. */
    @Test
    void aRequestThatWasNotRaisedYetIsTakenForThatOfATimeoutOfZero() {
        inLoop(() -> {
            await(createTask(async(() -> {
                currentTask().cancel();
                timesOut(() -> with(timeout(ZERO), () -> {
                    await(sleep(LONG));
                }));
                assertEquals(1, currentTask().cancelling());
                await(sleep(ZERO));
                log.add("not cancelled");
            })));
        });
        assertEquals(List.of("not cancelled"), log);
    }

    @Test
    void butNotForThatOfALongerOne() {
        inLoop(() -> {
            await(createTask(async(() -> {
                currentTask().cancel();
                assertThrows(
                        CancelledError.class,
                        () -> with(timeout(ofSeconds(1)), () -> {
                            await(sleep(LONG));
                        }));
                assertEquals(1, currentTask().cancelling());
            })));
        });
    }

    @Test
    void aFutureThatSomebodyElseCancelledIsNoTimeout() {
        inLoop(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            getRunningLoop().callSoon(() -> future.cancel("third party"));
            var scope = timeout(LONG);
            var raised = assertThrows(
                    CancelledError.class,
                    () -> with(scope, () -> {
                        await(future);
                    }));
            assertEquals("third party", raised.getMessage());
            assertFalse(scope.expired());
        });
    }

    // ---- nested

    @Test
    void ofNestedOnesTheOneThatExpiresRaises() {
        inVirtualTime(() -> {
            var outer = timeout(ofSeconds(9));
            var inner = timeout(ofSeconds(1));
            assertEquals("goes on", using(outer, () -> {
                timesOut(() -> with(inner, () -> {
                    await(sleep(LONG));
                }));
                iterations(2);
                return "goes on";
            }));
            assertTrue(inner.expired());
            assertFalse(outer.expired());
        });
    }

    @Test
    void anOuterOneThatIsEarlierPassesThroughTheInner() {
        inVirtualTime(() -> {
            var outer = timeout(ofSeconds(1));
            var inner = timeout(ofSeconds(9));
            timesOut(() -> with(outer, () -> {
                assertThrows(
                        CancelledError.class,
                        () -> with(inner, () -> {
                            await(sleep(LONG));
                        }));
                throw new CancelledError("passed on");
            }));
            assertTrue(outer.expired());
            assertFalse(inner.expired());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void ofTwoThatExpireInTheSameIterationTheOuterRaises() {
        inVirtualTime(() -> {
            var outer = timeout(ofSeconds(1));
            var inner = timeout(ofSeconds(1));
            timesOut(() -> with(outer, () -> {
                with(inner, () -> {
                    try {
                        await(sleep(LONG));
                    } finally {
                        assertEquals(2, currentTask().cancelling());
                    }
                });
                log.add("must not be");
            }));
            assertTrue(outer.expired());
            assertTrue(inner.expired());
            assertEquals(0, currentTask().cancelling());
            assertEquals(List.of(), log);
            iterations(2);
        });
    }

    // ---- rescheduling

    @Test
    void theDeadlineCanBeMovedRemovedAndSetAgain() {
        inVirtualTime(() -> {
            var loop = getRunningLoop();
            var start = loop.time();
            var scope = timeout(ofSeconds(1));
            assertEquals(start.plusSeconds(1), scope.when());
            timesOut(() -> with(scope, () -> {
                scope.reschedule(start.plusSeconds(5));
                await(sleep(ofSeconds(2)));
                scope.reschedule(null);
                assertNull(scope.when());
                await(sleep(ofSeconds(10)));
                scope.reschedule(start.plusSeconds(20));
                assertEquals(start.plusSeconds(20), scope.when());
                await(sleep(LONG));
            }));
            assertEquals(start.plusSeconds(20), loop.time());
        });
    }

    @Test
    void aDeadlineThatIsMovedWhileItIsDueDoesNotCount() {
        inVirtualTime(() -> {
            var scope = timeout(null);
            with(scope, () -> {
                // Due at once, and queued; moved before its turn.
                scope.reschedule(ZERO);
                scope.reschedule(getRunningLoop().time().plusSeconds(5));
                iterations(3);
            });
            assertFalse(scope.expired());
        });
    }

    @Test
    void timeoutAtTakesAMoment() {
        inVirtualTime(() -> {
            var when = getRunningLoop().time().plusSeconds(3);
            timesOut(() -> with(timeoutAt(when), scope -> {
                assertEquals(when, scope.when());
                await(sleep(LONG));
            }));
            assertEquals(when, getRunningLoop().time());
            timesOut(() -> with(timeoutAt(ZERO), () -> {
                await(sleep(LONG));
            }));
            assertNull(timeoutAt(null).when());
        });
    }

    @Test
    void theTimeRunsFromTheCallNotFromTheEntry() {
        inVirtualTime(() -> {
            var start = getRunningLoop().time();
            var scope = timeout(ofSeconds(3));
            await(sleep(ofSeconds(2)));
            timesOut(() -> with(scope, () -> {
                await(sleep(LONG));
            }));
            assertEquals(start.plusSeconds(3), getRunningLoop().time());
        });
    }

    @Test
    void aTimeBeyondAllTimeIsNoLimit() {
        inLoop(() -> {
            var scope = timeout(Duration.ofSeconds(Long.MAX_VALUE));
            with(scope, () -> {
                iterations(2);
            });
            assertFalse(scope.expired());
        });
    }

    // ---- misuse

    @Test
    void itServesOneBlock() {
        inLoop(() -> {
            var scope = timeout(LONG);
            with(scope, () -> {
                var twice = assertThrows(IllegalStateException.class, () -> with(scope, () -> {}));
                assertTrue(twice.getMessage().contains("make another"), twice.getMessage());
            });
            assertThrows(IllegalStateException.class, () -> with(scope, () -> {}));
        });
    }

    @Test
    void itCanBeMovedInsideItsBlockOnly() {
        inVirtualTime(() -> {
            var scope = timeout(ofSeconds(1));
            assertThrows(IllegalStateException.class, () -> scope.reschedule(null));
            timesOut(() -> with(scope, () -> {
                try {
                    await(sleep(LONG));
                } finally {
                    assertThrows(IllegalStateException.class, () -> scope.reschedule(null));
                }
            }));
            assertThrows(IllegalStateException.class, () -> scope.reschedule(null));
            var unused = timeout(LONG);
            with(unused, () -> {});
            assertThrows(IllegalStateException.class, () -> unused.reschedule(null));
        });
    }

    @Test
    void itNeedsALoopAndATask() {
        assertThrows(IllegalStateException.class, () -> timeout(LONG));
        inLoop(() -> {
            var scope = timeout(LONG);
            getRunningLoop().callSoon(() -> {
                var refusal = assertThrows(
                        IllegalStateException.class, () -> scope.aenter().doAwait());
                log.add(refusal.getMessage().contains("task"));
            });
            iterations(2);
            assertEquals(List.of(true), log);
        });
    }

    @Test
    void leavingWhatWasNotEnteredIsRefused() {
        inLoop(() -> assertThrows(
                IllegalStateException.class, () -> timeout(LONG).aexit(null).doAwait()));
    }

    // ---- other exceptions of a block whose time is over

    @Test
    void whatTheCancellationCausedTellsOfTheTimeout() {
        inVirtualTime(() -> {
            var raised = assertThrowsExactly(
                    Chained.class,
                    () -> with(timeout(ofSeconds(1)), () -> {
                        throw new Chained(new Chained(cancelledBy(sleep(LONG))));
                    }));
            assertEquals(0, raised.getSuppressed().length);
            var direct = raised.getCause();
            var reason = assertInstanceOf(TimeoutException.class, direct.getSuppressed()[0]);
            assertSame(direct.getCause(), reason.getCause());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void soDoTheMembersOfAGroup() {
        inVirtualTime(() -> {
            var raised = assertThrows(
                    ExceptionGroup.class,
                    () -> with(
                            timeout(ofSeconds(1)),
                            () -> with(taskGroup(), group -> {
                                group.createTask(async(() -> {
                                    throw new Chained(cancelledBy(sleep(LONG)));
                                }));
                            })));
            var member = raised.exceptions().get(0);
            assertInstanceOf(TimeoutException.class, member.getSuppressed()[0]);
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void whatHasNothingToDoWithItDoesNotChange() {
        inVirtualTime(() -> {
            var error = new IllegalStateException("unrelated", new IllegalArgumentException("cause"));
            assertSame(
                    error,
                    assertThrows(
                            IllegalStateException.class,
                            () -> with(timeout(ofSeconds(1)), () -> {
                                cancelledBy(sleep(LONG));
                                throw error;
                            })));
            assertEquals(0, error.getSuppressed().length);
        });
    }

    @Test
    void aChainThatBitesItsOwnTailIsNoTrap() {
        inVirtualTime(() -> {
            var a = new IllegalStateException("a");
            var b = new IllegalStateException("b", a);
            a.initCause(b);
            assertSame(
                    a,
                    assertThrows(
                            IllegalStateException.class,
                            () -> with(timeout(ofSeconds(1)), () -> {
                                cancelledBy(sleep(LONG));
                                throw a;
                            })));
        });
    }

    @Test
    void theTraceShowsWhereTheBlockIs() {
        inVirtualTime(() -> {
            var raised = timesOut(() -> with(timeout(ofSeconds(1)), () -> {
                await(sleep(LONG));
            }));
            assertTrue(
                    List.of(raised.getStackTrace()).stream()
                            .anyMatch(frame -> frame.getClassName().startsWith(TimeoutTest.class.getName())),
                    () -> List.of(raised.getStackTrace()).toString());
        });
    }
}

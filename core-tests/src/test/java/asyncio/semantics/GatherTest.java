package asyncio.semantics;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.ensureFuture;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;
import asyncio.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatherTest extends OnLoop {

    private static Coroutine<String> failing(int iterations, RuntimeException error) {
        return async(() -> {
            iterations(iterations);
            throw error;
        });
    }

    @Test
    void startsInTheOrderOfTheArgumentsAndGivesResultsInThatOrder() {
        inLoop(() -> {
            var gathered = gather(started("slow", 3), started("quick", 1), started("medium", 2));
            assertEquals(List.of(), log, "nothing starts before the caller suspends");
            assertEquals(List.of("slow", "quick", "medium"), await(gathered));
            assertEquals(
                    List.of("slow starts", "quick starts", "medium starts", "quick ends", "medium ends", "slow ends"),
                    log);
        });
    }

    private Coroutine<String> started(String name, int iterations) {
        return async(() -> {
            log.add(name + " starts");
            iterations(iterations);
            log.add(name + " ends");
            return name;
        });
    }

    @Test
    void nullIsAResultLikeAnyOther() {
        inLoop(() -> {
            var results = await(gather(async(() -> (String) null), instant("a")));
            assertNull(results.get(0));
            assertEquals("a", results.get(1));
            var outcomes = await(gatherOutcomes(async(() -> (String) null)));
            assertTrue(outcomes.get(0).succeeded());
            assertNull(outcomes.get(0).value());
        });
    }

    @Test
    void ofNothingIsDoneAtOnce() {
        inLoop(() -> {
            var gathered = gather();
            assertTrue(gathered.done());
            assertEquals(List.of(), gathered.result());
            assertEquals(List.of(), gatherOutcomes().result());
            assertEquals(List.of(), gather(List.<Awaitable<String>>of()).result());
        });
    }

    @Test
    void theSameObjectRunsOnceAndAppearsAtEachPlace() {
        inLoop(() -> {
            var coroutine = async(() -> {
                log.add("runs");
                await(sleep(ZERO));
                return new Object();
            });
            var task = createTask(async(Object::new));
            var r = await(gather(coroutine, task, coroutine, task, async(Object::new)));
            assertSame(r.get(0), r.get(2));
            assertSame(r.get(1), r.get(3));
            assertEquals(3, r.stream().distinct().count());
            assertEquals(List.of("runs"), log);
        });
    }

    @Test
    void mixesCoroutinesTasksFuturesAndOthers() {
        inLoop(() -> {
            Future<String> pending = getRunningLoop().createFuture();
            Future<String> done = getRunningLoop().createFuture();
            done.setResult("done");
            getRunningLoop().callSoon(() -> pending.setResult("pending"));
            Awaitable<String> own = () -> "own " + await(later(1, "awaitable"));
            var all = await(gather(
                    instant("coroutine"), createTask(instant("task")), pending, done, own, sleep(ZERO, "slept")));
            assertEquals(List.of("coroutine", "task", "pending", "done", "own awaitable", "slept"), all);
        });
    }

    // ---- the first exception

    @Test
    void theFirstExceptionIsTheOutcomeAtOnceAndTheOthersRunOn() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            var sibling = createTask(later(5, "sibling"));
            var gathered = gather(failing(1, error), sibling);
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(gathered)));
            assertFalse(sibling.done());
            assertEquals(0, sibling.cancelling());
            assertEquals("sibling", await(sibling));
        });
    }

    @Test
    void laterExceptionsAreNeverReported() {
        inLoop(() -> {
            var gathered = gather(
                    failing(1, new IllegalArgumentException("first")),
                    failing(2, new IllegalStateException("second")),
                    failing(3, new IllegalStateException("third")));
            assertThrows(IllegalArgumentException.class, () -> await(gathered));
            iterations(5);
        });
        // inLoop has seen that the loop, now closed, reported nothing.
    }

    @Test
    void aFailureThatIsThereAlreadyIsRaisedWithoutSuspending() {
        inLoop(() -> {
            Future<String> done = getRunningLoop().createFuture();
            Future<String> failed = getRunningLoop().createFuture();
            done.setResult("done");
            failed.setException(new IllegalArgumentException("early"));
            getRunningLoop().callSoon(() -> log.add("callback"));
            assertThrows(IllegalArgumentException.class, () -> await(gather(done, failed)));
            assertEquals(List.of(), log);
        });
    }

    @Test
    void afterTheOutcomeCancelDoesNothingToTheOthers() {
        inLoop(() -> {
            var sibling = createTask(later(5, "sibling"));
            var gathered = gather(failing(1, new IllegalArgumentException("boom")), sibling);
            assertThrows(IllegalArgumentException.class, () -> await(gathered));
            assertFalse(gathered.cancel());
            assertEquals(0, sibling.cancelling());
            assertEquals("sibling", await(sibling));
        });
    }

    // ---- a child that is cancelled

    @Test
    void aChildThatIsCancelledRaisesInTheOuterOneWhichIsNotCancelled() {
        inLoop(() -> {
            var child = createTask(sleep(ofSeconds(1000), "slept"));
            var sibling = createTask(later(5, "sibling"));
            var gathered = gather(child, sibling);
            await(sleep(ZERO));
            child.cancel("child only");
            assertEquals("child only", cancelledBy(gathered).getMessage());
            assertFalse(gathered.cancelled());
            assertInstanceOf(CancelledError.class, gathered.exception());
            assertEquals(0, currentTask().cancelling());
            assertEquals("sibling", await(sibling));
        });
    }

    @Test
    void outcomesTellOfErrorsAndOfCancellationsInTheirPlaces() {
        inLoop(() -> {
            var error = new IllegalArgumentException("boom");
            var victim = createTask(sleep(ofSeconds(1000), "slept"));
            getRunningLoop().callSoon(() -> victim.cancel("victim"));
            var outcomes = await(gatherOutcomes(later(3, "a"), failing(1, error), victim, instant("b")));
            assertEquals(new Outcome.Success<>("a"), outcomes.get(0));
            assertEquals(new Outcome.Failure<String>(error), outcomes.get(1));
            assertInstanceOf(CancelledError.class, outcomes.get(2).exception());
            assertEquals(new Outcome.Success<>("b"), outcomes.get(3));
            assertEquals(0, currentTask().cancelling());
        });
    }

    // ---- the outer one is cancelled

    @Test
    void cancelOfTheOuterOneCancelsEveryUnfinishedChildWithTheMessage() {
        inLoop(() -> {
            var finished = createTask(instant("finished"));
            var gathered = gather(finished, noting("a", sleep(ofSeconds(1000))), noting("b", sleep(ofSeconds(1000))));
            iterations(2);
            assertTrue(gathered.cancel("stop"));
            assertFalse(gathered.done(), "the children come first");
            assertEquals("stop", cancelledBy(gathered).getMessage());
            assertEquals(List.of("a cancelled: stop", "b cancelled: stop"), log);
            assertEquals("finished", finished.result());
        });
    }

    @Test
    void aCancelledGatherFailsAsSoonAsTheFirstChildHasEndedWhileOthersCleanUp() {
        inLoop(() -> {
            var slow = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    iterations(5);
                    log.add("slow cleaned up");
                }
            }));
            var gathered = gather(slow, noting("quick", sleep(ofSeconds(1000))));
            iterations(2);
            gathered.cancel("stop");
            cancelledBy(gathered);
            assertEquals(List.of("quick cancelled: stop"), log);
            assertFalse(slow.done());
            cancelledBy(slow);
            assertEquals(List.of("quick cancelled: stop", "slow cleaned up"), log);
        });
    }

    @Test
    void cancelledOutcomesWaitForAllChildrenAndThenRaise() {
        inLoop(() -> {
            var slow = createTask(async(() -> {
                try {
                    await(sleep(ofSeconds(1000)));
                } finally {
                    iterations(5);
                    log.add("slow cleaned up");
                }
            }));
            var gathered = gatherOutcomes(slow, noting("quick", sleep(ofSeconds(1000))));
            iterations(2);
            gathered.cancel("stop");
            cancelledBy(gathered);
            assertTrue(slow.cancelled());
            assertEquals(List.of("quick cancelled: stop", "slow cleaned up"), log);
        });
    }

    @Test
    void aCancelledGatherRaisesEvenIfAllChildrenSwallowTheCancellation() {
        inLoop(() -> {
            for (var outcomes : List.of(false, true)) {
                var children = IntStream.range(0, 3)
                        .mapToObj(n -> createTask(async(() -> {
                            cancelledBy(sleep(ofSeconds(1000)));
                            return n;
                        })))
                        .toList();
                Future<?> gathered = outcomes ? gatherOutcomes(children) : gather(children);
                iterations(1);
                gathered.cancel();
                cancelledBy(gathered);
                assertTrue(children.stream().noneMatch(child -> child.cancelled()));
                for (int n = 0; n < 3; n++) {
                    assertEquals(n, await(children.get(n)));
                }
            }
        });
    }

    @Test
    void aTaskThatIsCancelledInGatherHearsOfItOnce() {
        inLoop(() -> {
            var children = new ArrayList<asyncio.Task<Void>>();
            var parent = createTask(async(() -> {
                children.add(createTask(noting("a", sleep(ofSeconds(1000)))));
                children.add(createTask(noting("b", sleep(ofSeconds(1000)))));
                cancelledBy(gather(children));
                iterations(3);
                log.add("parent goes on");
                return currentTask().cancelling();
            }));
            iterations(2);
            parent.cancel("stop");
            assertEquals(1, await(parent));
            assertEquals(List.of("a cancelled: stop", "b cancelled: stop", "parent goes on"), log);
            assertTrue(children.stream().allMatch(child -> child.cancelling() == 1));
        });
    }

    @Test
    void aGatherOfOnlyFinishedChildrenCannotBeCancelled() {
        inLoop(() -> {
            var gathered = gather(createTask(instant("a")), createTask(instant("b")));
            await(sleep(ZERO));
            // Both children are done, the gather hears of it in the next iteration: there is nothing left to cancel.
            assertFalse(gathered.cancel("late"));
            assertEquals(List.of("a", "b"), await(gathered));
        });
    }

    @Test
    void nestedGathersPassTheCancellationDown() {
        inLoop(() -> {
            var a = createTask(noting("a", sleep(ofSeconds(1000))));
            var b = createTask(noting("b", sleep(ofSeconds(1000))));
            var outer = gather(gather(a), gather(b));
            iterations(2);
            outer.cancel("stop");
            cancelledBy(outer);
            iterations(2);
            assertEquals(List.of("a cancelled: stop", "b cancelled: stop"), log);
        });
    }

    @Test
    void manyChildren() {
        inLoop(() -> {
            var numbers = IntStream.range(0, 1000).boxed().toList();
            assertEquals(
                    numbers,
                    await(gather(numbers.stream().map(n -> later(n % 7, n)).toList())));
        });
    }

    @Test
    void aFutureOfAnotherLoopIsRefused() {
        try (var other = asyncio.Asyncio.newEventLoop()) {
            Future<String> foreign = other.createFuture();
            inLoop(() -> {
                var refusal = assertThrows(IllegalStateException.class, () -> gather(foreign));
                assertTrue(refusal.getMessage().contains("different loop"), refusal.getMessage());
            });
        }
    }

    // ---- outside of a running loop

    @Test
    void theLoopOfTheFuturesIsTaken() {
        try (var loop = newEventLoop()) {
            var task = loop.createTask(instant(1));
            var future = loop.<Integer>createFuture();
            loop.callSoon(() -> future.setResult(2));
            assertEquals(List.of(1, 2, 3), loop.runUntilComplete(gather(task, future, instant(3))));
            var outcomes = loop.runUntilComplete(gatherOutcomes(loop.createTask(instant(4))));
            assertEquals(4, outcomes.get(0).value());
            assertEquals(5, loop.runUntilComplete(shield(loop.createTask(instant(5)))));
            assertSame(task, ensureFuture(task));
            var completed = asCompleted(List.of(loop.createTask(instant(6)))).iterator();
            assertEquals(6, loop.runUntilComplete(completed.next()));
        }
    }

    @Test
    void withoutAnyFutureThereIsNone() {
        var coroutine = instant(1);
        var refusal = assertThrows(IllegalStateException.class, () -> gather(coroutine));
        assertTrue(refusal.getMessage().contains("outside a running event loop"), refusal.getMessage());
        coroutine.close();
    }
}

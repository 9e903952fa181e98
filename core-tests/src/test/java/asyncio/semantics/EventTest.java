package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Event;
import asyncio.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventTest extends OnLoop {

    @Test
    void whereItIsSetNobodyElseRuns() {
        inLoop(() -> {
            var event = Event.create();
            event.set();
            createTask(async(() -> log.add("other")));
            await(event.waitSet());
            assertEquals(List.of(), log);
        });
    }

    @Test
    void whoComesBetweenSetAndClearPassesAndWhoComesLaterWaits() {
        inLoop(() -> {
            var event = Event.create();
            event.set();
            await(event.waitSet());
            event.clear();
            assertFalse(event.isSet());
            var waiter = createTask(event.waitSet());
            iterations(5);
            assertFalse(waiter.done());
            event.set();
            await(waiter);
            assertTrue(event.isSet());
        });
    }

    @Test
    void whoWaitsAgainBeforeTheOthersHaveGoneOnIsNotWokenTwice() {
        inLoop(() -> {
            var event = Event.create();
            var task = createTask(async(() -> {
                await(event.waitSet());
                event.clear();
                log.add("once");
                await(event.waitSet());
                log.add("twice");
            }));
            createTask(noting("other", event.waitSet()));
            await(sleep(ZERO));
            event.set();
            iterations(5);
            assertEquals(List.of("once", "other done"), log);
            event.set();
            await(task);
        });
    }

    @Test
    void thousandsAreWokenInTheOrderOfComing() {
        inLoop(() -> {
            var event = Event.create();
            var order = new ArrayList<Integer>();
            var tasks = new ArrayList<Task<Void>>();
            IntStream.range(0, 50_000).forEach(n -> {
                var task = createTask(event.waitSet());
                task.addDoneCallback(done -> order.add(n));
                tasks.add(task);
            });
            await(sleep(ZERO));
            event.set();
            await(gather(tasks));
            assertEquals(IntStream.range(0, 50_000).boxed().toList(), order);
        });
    }

    @Test
    void aCallbackMaySetIt() {
        inLoop(() -> {
            var event = Event.create();
            getRunningLoop().callSoon(event::set);
            await(event.waitSet());
        });
    }

    @Test
    void fromAnotherThreadItIsRefused() {
        inLoop(() -> {
            var event = Event.create();
            for (asyncio.Action call : List.<asyncio.Action>of(event::set, event::clear)) {
                var error = assertThrows(IllegalStateException.class, () -> await(toThread(call)));
                assertTrue(error.getMessage().contains("callSoonThreadsafe"), error::getMessage);
            }
            assertFalse(event.isSet());
        });
    }

    @Test
    void fromAnotherThreadItIsSetThroughTheLoop() {
        inLoop(() -> {
            var event = Event.create();
            var loop = getRunningLoop();
            var thread = createTask(toThread(() -> {
                loop.callSoonThreadsafe(event::set);
            }));
            await(event.waitSet());
            await(thread);
        });
    }

    @Test
    void isBoundToTheFirstLoopInWhichSomebodyWaits() {
        var event = Event.create();
        inLoop(() -> {
            createTask(async(event::set));
            await(event.waitSet());
        });
        inLoop(() -> {
            await(event.waitSet());
            event.clear();
            assertThrows(IllegalStateException.class, () -> await(event.waitSet()));
        });
    }

    @Test
    void javasOwnWaitIsNoTrap() {
        var event = Event.create();
        assertThrows(IllegalMonitorStateException.class, event::wait);
    }
}

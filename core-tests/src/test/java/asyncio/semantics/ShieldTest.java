package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShieldTest extends OnLoop {
    private static final Duration LONG = ofSeconds(1000);

    private static Coroutine<String> failing(int iterations, RuntimeException error) {
        return async(() -> {
            iterations(iterations);
            throw error;
        });
    }

    @Test
    void itHasTheOutcomeOfWhatItProtects() {
        inLoop(() -> {
            assertEquals("value", await(shield(later(2, "value"))));
            var error = new IllegalArgumentException("boom");
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(shield(failing(2, error)))));
            assertEquals("own", await(shield(() -> "own")));
        });
    }

    @Test
    void whatIsDoneIsGivenBackItself() {
        inLoop(() -> {
            var task = createTask(instant("value"));
            await(task);
            assertSame(task, shield(task));
        });
    }

    @Test
    void cancellingItLeavesTheInnerOneAlone() {
        inLoop(() -> {
            var inner = createTask(later(5, "inner"));
            var shield = shield(inner);
            iterations(1);
            assertTrue(shield.cancel("outer"));
            assertEquals("outer", cancelledBy(shield).getMessage());
            assertEquals(0, inner.cancelling());
            assertEquals("inner", await(inner));
        });
    }

    @Test
    void soDoesCancellingTheTaskThatAwaitsIt() {
        inLoop(() -> {
            var inner = createTask(later(5, "inner"));
            var outer = createTask(noting("outer", shield(inner)));
            iterations(2);
            outer.cancel("stop");
            cancelledBy(outer);
            assertEquals(List.of("outer cancelled: stop"), log);
            assertEquals("inner", await(inner));
        });
    }

    @Test
    void cancellingTheInnerOneCancelsIt() {
        inLoop(() -> {
            var inner = createTask(sleep(LONG));
            var shield = shield(inner);
            iterations(1);
            inner.cancel("inner");
            cancelledBy(shield);
            assertTrue(shield.cancelled());
            assertEquals(0, currentTask().cancelling());
        });
    }

    @Test
    void aLateErrorIsReportedAtOnce() {
        var error = new IllegalArgumentException("late");
        inLoopWithReports(() -> {
            var inner = createTask(failing(3, error));
            var shield = shield(inner);
            iterations(1);
            shield.cancel();
            iterations(5);
            assertEquals(1, reports.size());
            assertSame(inner, reports.get(0).task());
        });
        assertEquals(1, reports.size(), "once");
        assertSame(error, reports.get(0).exception());
        assertEquals(
                "IllegalArgumentException exception in shielded future",
                reports.get(0).message());
    }

    @Test
    void onceHoweverManyShieldsThereWere() {
        inLoopWithReports(() -> {
            var inner = createTask(failing(4, new IllegalArgumentException("late")));
            var shields = List.of(shield(inner), shield(inner), shield(inner));
            iterations(1);
            shields.forEach(Future::cancel);
            iterations(6);
        });
        assertEquals(1, reports.size());
    }

    @Test
    void aLateErrorOfACoroutineThatOnlyTheShieldKnewIsReportedToo() {
        inLoopWithReports(() -> {
            var outer = createTask(noting("outer", shield(failing(4, new IllegalArgumentException("late")))));
            iterations(2);
            outer.cancel();
            cancelledBy(outer);
            iterations(6);
        });
        assertEquals(1, reports.size());
    }

    @Test
    void lateResultsAndCancellationsAreNot() {
        inLoop(() -> {
            var result = createTask(later(4, "result"));
            var cancelled = createTask(sleep(LONG));
            var shields = List.of(shield(result), shield(cancelled));
            iterations(1);
            shields.forEach(Future::cancel);
            iterations(1);
            cancelled.cancel();
            iterations(6);
            assertTrue(result.done() && cancelled.cancelled());
        });
    }

    @Test
    void anErrorThatTheShieldPassedOnIsTheShields() {
        inLoop(() -> {
            var inner = createTask(failing(1, new IllegalArgumentException("boom")));
            assertThrows(IllegalArgumentException.class, () -> await(shield(inner)));
        });
        // inLoop has seen that the inner task's exception counts as seen.
    }

    @Test
    void theEndOfTheProgramCancelsWhatWasProtected() {
        inLoop(() -> {
            var inner = createTask(noting("inner", sleep(LONG)));
            shield(inner);
            iterations(1);
        });
        assertEquals(List.of("inner cancelled: null"), log);
    }

    @Test
    void aFutureOfAnotherLoopIsRefused() {
        try (var other = newEventLoop()) {
            Future<String> foreign = other.createFuture();
            inLoop(() -> assertThrows(IllegalStateException.class, () -> shield(foreign)));
        }
        var refusal = assertThrows(IllegalStateException.class, () -> shield(instant("a")));
        assertTrue(refusal.getMessage().contains("shield"), refusal.getMessage());
    }
}

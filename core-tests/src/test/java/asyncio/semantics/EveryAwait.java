package asyncio.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionContext;
import asyncio.Task;
import asyncio.internal.fiber.FiberKind;
import asyncio.internal.run.EventLoopImpl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cancels a task at every one of its awaits, by enumeration: runs a small program once for each moment at which its
 * victim can be cancelled, and checks each time that the others go on, and that nothing was lost.
 *
 * <pre>{@code
 * EveryAwait.check("lock", stage -> {
 *     var lock = Lock.create();
 *     stage.other("holder", uses(lock));
 *     stage.victim(uses(lock));
 *     stage.other("next", uses(lock));
 *     stage.afterwards(() -> assertFalse(lock.locked()));
 * });
 * }</pre>
 *
 * <p>A moment is an iteration of the loop, and a place in the order in which that runs things: at first between two of
 * the tasks of the stage, later before everything else. So the victim is struck before it starts, while it waits for
 * something that is not there, when that is there and the victim's step is queued already, and when it awaits anything
 * in its {@code finally} blocks. There are runs with one cancellation, with two at once, and with two that have one to
 * many iterations in between. A program must have moments in which the victim waits, and moments in which it has been
 * woken; otherwise the check fails.
 *
 * <p>Time is virtual, and each iteration takes a millisecond of it: a program may sleep and have timeouts, as long as
 * they are short. It must do the same in every run but for the cancellation.
 */
final class EveryAwait {
    /** A program that has not ended by then never will. */
    private static final int LONGEST_RUN = 1_000;

    /** From one distance between two cancellations to the next; the build tries all on one kind of fibers. */
    private static final int STEP = Integer.getInteger("asyncio.tests.divisor", 1);

    private final Scenario scenario;
    private final String name;
    private int runs;
    private int struckWaiting;
    private int struckWoken;

    private EveryAwait(String name, Scenario scenario) {
        this.name = name;
        this.scenario = scenario;
    }

    /** Sets a stage up; called anew, in the main coroutine of a loop of its own, for each run. */
    interface Scenario {
        /** Makes what the tasks use, and the tasks. */
        void setUp(Stage stage) throws Exception;
    }

    /**
     * Runs the program once as it is, and once for each moment.
     *
     * @return how many times
     */
    static int check(String name, Scenario scenario) {
        var check = new EveryAwait(name, scenario);
        check.enumerate();
        return check.runs;
    }

    private void enumerate() {
        int slots = run(Blow.NONE).created;
        for (int slot = 0; slot < slots; slot++) {
            for (int iteration = 0; run(new Blow(slot, iteration, 1, 0)).struck > 0; iteration++) {
                run(new Blow(slot, iteration, 2, 0));
                for (int later = 1; slot == 0 && run(new Blow(slot, iteration, 1, later)).struck > 1; ) {
                    later += STEP;
                }
            }
        }
        assertTrue(struckWaiting > 0, () -> name + ": the victim never waits");
        assertTrue(struckWoken > 0, () -> name + ": the victim is never struck when it has been woken");
    }

    private Stage run(Blow blow) {
        runs++;
        var host = new SteppedHost();
        try (var loop = new EventLoopImpl(host, FiberKind.getChosen())) {
            // What a victim is given that is struck before it begins is never awaited.
            loop.watchUnawaited(false);
            var stage = new Stage(loop, host, blow);
            try {
                stage.run(scenario);
            } catch (Throwable error) {
                throw new AssertionError(name + ", " + blow + ": " + error.getMessage() + stage.story(), error);
            }
            struckWaiting += stage.struckWaiting ? 1 : 0;
            struckWoken += stage.struckWoken ? 1 : 0;
            return stage;
        }
    }

    /**
     * When the victim is cancelled.
     *
     * @param slot before which of the tasks, counted in the order of their making
     * @param iteration of the loop, counted from the first step of the tasks
     * @param times how often at once
     * @param later after how many iterations once more; 0 for never
     */
    private record Blow(int slot, int iteration, int times, int later) {
        static final Blow NONE = new Blow(-1, -1, 0, 0);

        @Override
        public String toString() {
            if (slot < 0) {
                return "nothing cancelled";
            }
            return "cancelled " + (times > 1 ? "twice " : "") + "before task " + slot + " in iteration " + iteration
                    + (later > 0 ? " and again " + later + " later" : "");
        }
    }

    /** One run of the program. */
    static final class Stage {
        private final EventLoop loop;
        private final SteppedHost host;
        private final Blow blow;
        private final List<Task<?>> others = new ArrayList<>();
        private final List<Action> checks = new ArrayList<>();
        private final List<ExceptionContext> reports = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private Task<?> victim;
        private Runnable strike;
        private Consumer<Task<?>> ending = this::checkCancelled;
        private int created;
        private int iteration;
        private int passed;
        private int struck;
        private boolean accepted;
        private boolean struckWaiting;
        private boolean struckWoken;

        private Stage(EventLoop loop, SteppedHost host, Blow blow) {
            this.loop = loop;
            this.host = host;
            this.blow = blow;
        }

        // ---- for the scenario

        /** Makes the task that is cancelled. There is one. */
        <T> Task<T> victim(Coroutine<T> coroutine) {
            slot();
            Task<T> task = loop.createTask(coroutine, "victim");
            victim = task;
            if (strike == null) {
                strike = () -> accepted |= task.cancel("struck");
            }
            return task;
        }

        /** Makes a task that has to end without an exception, whatever becomes of the victim. */
        <T> Task<T> other(String name, Coroutine<T> coroutine) {
            slot();
            Task<T> task = loop.createTask(coroutine, name);
            others.add(task);
            return task;
        }

        /** What is done to the victim instead of cancelling it: cancelling something that it waits for, for example. */
        void strikeBy(Runnable strike) {
            this.strike = strike;
        }

        /**
         * How the victim must have ended, instead of: cancelled if it was cancelled before it was done, and otherwise
         * without an exception.
         */
        void victimEnds(Consumer<Task<?>> check) {
            this.ending = check;
        }

        /** What must hold when all have ended; it runs in a coroutine, and may await what is there. */
        void afterwards(Action check) {
            checks.add(check);
        }

        /** Whether the victim has been struck in this run. */
        boolean isStruck() {
            return struck > 0;
        }

        /** Says something that belongs into the message if this run fails. */
        void note(String line) {
            story.add(line);
        }

        // ---- the run

        private void run(Scenario scenario) {
            loop.setExceptionHandler((l, context) -> reports.add(context));
            loop.runUntilComplete(Asyncio.async(() -> {
                scenario.setUp(this);
                slot();
            }));
            loop.callSoon(this::pass);
            loop.runForever();
            assertTrue(victim.done() && others.stream().allMatch(Task::done), this::whoIsStuck);
            for (var other : others) {
                assertTrue(!other.cancelled() && other.exception() == null, () -> "should have succeeded: " + other);
            }
            ending.accept(victim);
            loop.runUntilComplete(Asyncio.async(() -> {
                for (var check : checks) {
                    check.run();
                }
            }));
            assertEquals(List.of(), reports);
        }

        /** A place in the order of things: the blow may come here. */
        private void slot() {
            if (created++ == blow.slot) {
                loop.callSoon(this::tick);
            }
        }

        private void tick() {
            if (victim != null && victim.done()) {
                return;
            }
            if (iteration == blow.iteration) {
                for (int i = 0; i < blow.times; i++) {
                    strike();
                }
            } else if (blow.later > 0 && iteration == blow.iteration + blow.later) {
                strike();
            }
            iteration++;
            loop.callSoon(this::tick);
        }

        private void strike() {
            var state = victim.toString();
            note("struck: " + state);
            if (struck++ == 0) {
                struckWoken = state.contains("waitFor=<Future finished");
                struckWaiting = state.contains("waitFor=") && !struckWoken;
            }
            strike.run();
        }

        private void pass() {
            boolean isOver = victim.done() && others.stream().allMatch(Task::done);
            if (isOver || ++passed == LONGEST_RUN) {
                loop.stop();
                return;
            }
            host.advance(Duration.ofMillis(1));
            loop.callSoon(this::pass);
        }

        private void checkCancelled(Task<?> victim) {
            if (accepted) {
                assertTrue(victim.cancelled(), () -> "should have been cancelled: " + victim);
            } else {
                assertTrue(!victim.cancelled() && victim.exception() == null, () -> "should have succeeded: " + victim);
            }
        }

        private String whoIsStuck() {
            var stuck = new ArrayList<Task<?>>(others);
            stuck.add(victim);
            stuck.removeIf(Task::done);
            return "waits for ever: " + stuck;
        }

        private String story() {
            return story.isEmpty() ? "" : "\n  " + String.join("\n  ", story);
        }
    }
}

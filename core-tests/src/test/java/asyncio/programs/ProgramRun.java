package asyncio.programs;

import asyncio.AsyncContextManager;
import asyncio.AsyncGenerator;
import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.Barrier;
import asyncio.CancelledError;
import asyncio.Condition;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.ExceptionGroup;
import asyncio.Future;
import asyncio.GeneratorExit;
import asyncio.Handle;
import asyncio.InvalidStateException;
import asyncio.Lock;
import asyncio.Outcome;
import asyncio.Queue;
import asyncio.QueueEmptyException;
import asyncio.QueueFullException;
import asyncio.QueueShutDownException;
import asyncio.Semaphore;
import asyncio.StopAsyncIteration;
import asyncio.StopIteration;
import asyncio.Task;
import asyncio.TaskGroup;
import asyncio.TaskOptions;
import asyncio.Timeout;
import asyncio.TimeoutException;
import asyncio.TimerHandle;
import asyncio.internal.fiber.FiberKind;
import asyncio.internal.testing.VirtualLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a random program, and its trace. What waits is in {@link JavaBodies} and {@link SuspendBodies}. */
final class ProgramRun {
    /** What the coroutines of a program are made of. */
    enum Bodies {
        JAVA,
        SUSPEND,
        /** In turns, so that each kind awaits the other. */
        MIXED
    }

    final VirtualLoop loop;
    final List<String> trace = new ArrayList<>();
    final Map<Integer, Task<Integer>> tasks = new TreeMap<>();
    final List<Lock> locks = List.of(Lock.create(), Lock.create());
    final List<Semaphore> sems = List.of(Semaphore.create(1), Semaphore.create(2));
    final List<Event> events = List.of(Event.create(), Event.create());
    final List<Queue<Integer>> queues = List.of(Queue.create(1), Queue.create());
    final List<Future<Integer>> futures;
    final Map<Integer, TaskGroup> groups = new HashMap<>();
    final Map<Integer, Timeout> timeouts = new HashMap<>();
    private final Map<Integer, Given> given = new HashMap<>();
    private final Map<Integer, Handle> handles = new HashMap<>();
    private final Map<Integer, TimerHandle> timers = new HashMap<>();
    final Map<Integer, AsyncGenerator<Integer>> generators = new HashMap<>();
    private final Map<Integer, Hand> hands = new HashMap<>();
    /** What is closed in the end. */
    private final List<Object> toClose = new ArrayList<>();

    final Condition condition = Condition.create();
    final Barrier barrier = Barrier.create(2);
    private final Bodies bodies;
    private final JavaBodies java = new JavaBodies(this);
    private final SuspendBodies suspend = new SuspendBodies(this);

    /** A task that was given to the loop by a thread. */
    private record Given(int child, CompletableFuture<Integer> future) {}

    /** A coroutine that is driven by hand. */
    private static final class Hand {
        final Coroutine<?> coroutine;
        final boolean isOfGenerator;
        boolean hasBegun;

        Hand(Coroutine<?> coroutine, boolean isOfGenerator) {
            this.coroutine = coroutine;
            this.isOfGenerator = isOfGenerator;
        }
    }

    private ProgramRun(VirtualLoop loop, Bodies bodies) {
        this.loop = loop;
        this.bodies = bodies;
        futures = List.of(loop.createFuture(), loop.createFuture());
    }

    /** What {@code program} does. */
    static List<String> traceOf(List<Statement> program, FiberKind kind, Bodies bodies) {
        var loop = new VirtualLoop(kind);
        loop.setExceptionHandler((it, context) -> {});
        // Random programs forget many coroutines, and looking for them takes a garbage collection each time.
        loop.watchUnawaited(false);
        try (loop) {
            var run = new ProgramRun(loop, bodies);
            run.run(program);
            // Closing the loop ends what is stuck: no longer part of the program.
            return List.copyOf(run.trace);
        }
    }

    private void run(List<Statement> program) {
        var body = program;
        if (!program.isEmpty() && program.get(0).op().equals("before")) {
            // What is called while no loop runs.
            for (var statement : program.get(0).block(0)) {
                instant(0, statement, null);
            }
            body = program.subList(1, program.size());
        }
        tasks.put(0, loop.createTask(task(0, body)));
        loop.runUntilIdle();
        for (int round = 0; round < 5; round++) {
            var left = tasks.keySet().stream()
                    .filter(label -> !tasks.get(label).done())
                    .toList();
            trace.add(("left " + textOf(left)).strip());
            if (left.isEmpty()) {
                break;
            }
            for (var label : left) {
                tasks.get(label).cancel("end");
            }
            loop.runUntilIdle();
        }
        for (var it : List.copyOf(toClose)) {
            var closing = loop.createTask(Asyncio.<Integer>async(() -> close(it)));
            loop.runUntilIdle();
            for (int round = 0; round < 3 && !closing.done(); round++) {
                closing.cancel();
                loop.runUntilIdle();
            }
            trace.add(closing.done() ? "closed" : "not closed");
        }
        for (var future : futures) {
            trace.add("future " + (!future.done() ? "pending" : future.cancelled() ? "cancelled" : "done"));
        }
        var drain = loop.createTask(Asyncio.<String>async(this::drain));
        loop.runUntilIdle();
        trace.add(drain.done() ? drain.result() : "stuck");
    }

    private int close(Object it) {
        try {
            if (it instanceof AsyncGenerator<?> generator) {
                Asyncio.await(generator.aclose());
            } else {
                ((Coroutine<?>) it).close();
            }
            trace.add("closing");
        } catch (Throwable e) {
            trace.add("closing " + nameOf(e));
        }
        return 0;
    }

    private String drain() {
        var result = new ArrayList<String>();
        result.add(String.valueOf(loop.time().toSeconds()));
        for (var lock : locks) {
            result.add(lock.locked() ? "locked" : "free");
        }
        result.add(condition.locked() ? "locked" : "free");
        for (var sem : sems) {
            int permits = 0;
            while (!sem.locked()) {
                Asyncio.await(sem.acquire());
                permits++;
            }
            result.add(String.valueOf(permits));
        }
        for (var queue : queues) {
            var items = new ArrayList<Integer>();
            while (!queue.empty()) {
                items.add(queue.getNowait());
            }
            result.add("[" + textOf(items) + "]");
        }
        return String.join(" ", result);
    }

    // ---- for the bodies

    Coroutine<Integer> task(int label, List<Statement> body) {
        return inJava(label) ? java.task(label, body) : suspend.task(label, body);
    }

    Coroutine<Integer> coroutine(int label, List<Statement> body) {
        return inJava(label) ? java.coroutine(label, body) : suspend.coroutine(label, body);
    }

    private boolean inJava(int label) {
        return bodies == Bodies.JAVA || bodies == Bodies.MIXED && label % 2 == 0;
    }

    AsyncContextManager<Integer> generatorManager(int label, List<Statement> body) {
        return inJava(label) ? java.generatorManager(label, body) : suspend.generatorManager(label, body);
    }

    AsyncContextManager<Integer> manager(int label, Statement it, @Nullable TaskGroup group) {
        // Where bodies are of both kinds, of the one that the body is not.
        return bodies == Bodies.JAVA || bodies == Bodies.MIXED && label % 2 != 0
                ? java.manager(label, it, group)
                : suspend.manager(label, it, group);
    }

    @Nullable
    AsyncContextManager<?> entered(Statement it) {
        return it.number(0) == 0 ? timeouts.get(it.number(1)) : groups.get(it.number(1));
    }

    void left(int label, Statement it, @Nullable Throwable error) {
        log(label, it.number(), "left " + (error == null ? "" : nameOf(error)));
    }

    /** How an exit ends. */
    boolean isSwallowed(Statement it, @Nullable Throwable error) {
        return switch (it.number(0)) {
            case 0 -> false;
            case 1 -> true;
            case 2 -> throw new Thrown(it.number());
            case 3 -> throw new CancelledError();
            case 4 -> {
                if (error instanceof Error raised) {
                    throw raised;
                } else if (error instanceof RuntimeException raised) {
                    throw raised;
                }
                yield false;
            }
            case 5 -> false;
            default -> error instanceof CancelledError;
        };
    }

    /** What is left without waiting. */
    void leave(int label, Statement it) {
        left(label, it, null);
        if (it.number(0) == 1) {
            throw new Thrown(it.number());
        }
    }

    void started(int label) {
        @SuppressWarnings("unchecked")
        var task = (Task<Integer>) Asyncio.currentTask();
        tasks.putIfAbsent(label, task);
    }

    void log(int label, Object number, Object what) {
        trace.add((loop.time().toSeconds() + " t" + label + " " + number + " " + what).strip());
    }

    List<Awaitable<Integer>> awaitables(List<Statement> items, boolean inline) {
        var result = new ArrayList<Awaitable<Integer>>();
        for (var item : items) {
            int label = item.number(0);
            switch (item.op()) {
                case "old" -> {
                    if (tasks.containsKey(label)) {
                        result.add(tasks.get(label));
                    }
                }
                case "new" -> result.add(inline ? coroutine(label, item.block(1)) : task(label, item.block(1)));
                default -> {
                    var task = loop.createTask(task(label, item.block(1)));
                    tasks.put(label, task);
                    result.add(task);
                }
            }
        }
        return result;
    }

    static List<Task<Integer>> tasksOf(List<Awaitable<Integer>> awaitables) {
        var result = new ArrayList<Task<Integer>>();
        for (var awaitable : awaitables) {
            if (awaitable instanceof Task<Integer> task) {
                result.add(task);
            }
        }
        return result;
    }

    static String textOf(List<?> items) {
        return items.stream()
                .map(it -> it instanceof Outcome<?> outcome ? nameOf(outcome) : String.valueOf(it))
                .collect(Collectors.joining(" "));
    }

    private static String nameOf(Outcome<?> outcome) {
        return outcome instanceof Outcome.Failure<?> failure
                ? nameOf(failure.exception())
                : String.valueOf(((Outcome.Success<?>) outcome).value());
    }

    /** What Python calls it. */
    static String nameOf(Throwable error) {
        if (error instanceof ExceptionGroup group) {
            return group.exceptions().stream().map(ProgramRun::nameOf).collect(Collectors.joining(" ", "Group[", "]"));
        }
        if (error instanceof CancelledError) {
            return "CancelledError";
        }
        if (error instanceof Thrown) {
            return "ValueError(" + error.getMessage() + ")";
        }
        if (error instanceof GeneratorExit || error instanceof StopIteration || error instanceof StopAsyncIteration) {
            return error.getClass().getSimpleName();
        }
        var type = error.getClass();
        if (type == TimeoutException.class) {
            return "TimeoutError";
        } else if (type == InvalidStateException.class) {
            return "InvalidStateError";
        } else if (type == QueueEmptyException.class) {
            return "QueueEmpty";
        } else if (type == QueueFullException.class) {
            return "QueueFull";
        } else if (type == QueueShutDownException.class) {
            return "QueueShutDown";
        } else if (type == IllegalStateException.class) {
            return "RuntimeError";
        } else if (type == IllegalArgumentException.class) {
            return "ValueError";
        }
        return error.toString();
    }

    /** What a program throws by itself. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown(int number) {
            super(String.valueOf(number));
        }
    }

    /** Runs a statement that does not wait, and logs it. False if it is of another kind. */
    boolean instant(int label, Statement statement, @Nullable TaskGroup group) {
        Object result;
        try {
            result = run(label, statement, group);
        } catch (RuntimeException e) {
            result = nameOf(e);
        }
        if (result == null) {
            return false;
        }
        log(label, statement.number(), statement.op() + " " + result);
        return true;
    }

    private @Nullable Object run(int label, Statement statement, @Nullable TaskGroup group) {
        int number = statement.number();
        switch (statement.op()) {
            case "soon" -> loop.callSoon(() -> log(label, number, "called"));
            case "fcb" -> futures.get(statement.number(0)).addDoneCallback(it -> log(label, number, "called"));
            case "tcb" -> {
                var task = tasks.get(statement.number(0));
                if (task == null) {
                    return "none";
                }
                task.addDoneCallback(it -> log(label, number, "called"));
            }
            case "later" -> loop.callLater(Duration.ofSeconds(statement.number(0)), () -> log(label, number, "called"));
            case "spawn" -> {
                int child = statement.number(0);
                tasks.put(child, loop.createTask(task(child, statement.block(1))));
                return child;
            }
            case "espawn" -> {
                int child = statement.number(0);
                tasks.put(child, loop.createTask(task(child, statement.block(1)), TaskOptions.eager()));
                return child;
            }
            case "gspawn" -> {
                int child = statement.number(0);
                tasks.put(child, group.createTask(task(child, statement.block(1))));
                return child;
            }
            case "handle" -> handles.put(statement.number(0), loop.callSoon(() -> log(label, number, "called")));
            case "hlater" -> {
                var delay = Duration.ofSeconds(statement.number(1));
                timers.put(statement.number(0), loop.callLater(delay, () -> log(label, number, "called")));
            }
            case "tmcancel" -> {
                var timer = timers.get(statement.number(0));
                if (timer == null) {
                    return "none";
                }
                timer.cancel();
            }
            case "tsoon", "hcancel", "give", "givencancel", "thandle", "tcancel" -> {
                return calledFromAnywhere(label, statement);
            }
            case "thread" -> inThread(label, statement.block(0));
            case "soonthread" -> loop.callSoon(() -> inThread(label, statement.block(0)));
            case "hmake" -> {
                int child = statement.number(1);
                toClose.add(setHand(statement, new Hand(coroutine(child, statement.block(2)), false)));
                return child;
            }
            case "hgen" -> {
                var generator = generators.get(statement.number(1));
                if (generator == null) {
                    return "none";
                }
                setHand(statement, new Hand(call(statement, generator, statement.number(2)), true));
            }
            case "hsend" -> {
                var hand = hands.get(statement.number(0));
                if (hand == null) {
                    return "none";
                }
                var value = hand.isOfGenerator && !hand.hasBegun ? null : valueOf(statement.number(1));
                hand.hasBegun = true;
                return stepOf(() -> hand.coroutine.send(value));
            }
            case "hthrow" -> {
                var hand = hands.get(statement.number(0));
                // In CPython a step of a generator that has not begun passes it to the generator itself.
                if (hand == null || hand.isOfGenerator && !hand.hasBegun) {
                    return "none";
                }
                hand.hasBegun = true;
                return stepOf(() -> hand.coroutine.raise(errorOf(statement)));
            }
            case "hclose" -> {
                var hand = hands.get(statement.number(0));
                // As above.
                if (hand == null || hand.isOfGenerator && !hand.hasBegun) {
                    return "none";
                }
                hand.hasBegun = true;
                try {
                    hand.coroutine.close();
                } catch (Throwable e) {
                    return nameOf(e);
                }
            }
            case "htask" -> {
                // One that has begun is not taken.
                var hand = hands.get(statement.number(0));
                if (hand == null || hand.hasBegun || hand.isOfGenerator) {
                    return "none";
                }
                hands.remove(statement.number(0));
                toClose.remove(hand.coroutine);
                int child = statement.number(1);
                @SuppressWarnings("unchecked")
                var coroutine = (Coroutine<Integer>) hand.coroutine;
                tasks.put(child, loop.createTask(coroutine));
                return child;
            }
            case "gmake" -> {
                int child = statement.number(1);
                var generator = inJava(child)
                        ? java.generator(child, statement.block(2))
                        : suspend.generator(child, statement.block(2));
                generators.put(statement.number(0), generator);
                toClose.add(generator);
                return child;
            }
            case "gadd" -> {
                var inner = groups.get(statement.number(0));
                if (inner == null) {
                    return "none";
                }
                int child = statement.number(2);
                var options = statement.number(1) == 1 ? TaskOptions.eager() : TaskOptions.NONE;
                tasks.put(child, inner.createTask(task(child, statement.block(3)), options));
                return child;
            }
            case "gcancel" -> {
                var inner = groups.get(statement.number(0));
                if (inner == null) {
                    return "none";
                }
                inner.cancel();
            }
            case "resched" -> {
                var timeout = timeouts.get(statement.number(0));
                if (timeout == null) {
                    return "none";
                }
                int delay = statement.number(1);
                timeout.reschedule(delay < 0 ? null : loop.time().plusSeconds(delay));
            }
            case "expired" -> {
                var timeout = timeouts.get(statement.number(0));
                return timeout == null ? "none" : timeout.expired();
            }
            case "cancel" -> {
                var task = tasks.get(statement.number(0));
                return task == null ? "none" : task.cancel("m" + number);
            }
            case "uncancel" -> {
                return Asyncio.currentTask().uncancel();
            }
            case "cancelling" -> {
                return Asyncio.currentTask().cancelling();
            }
            case "set" -> events.get(statement.number(0)).set();
            case "clear" -> events.get(statement.number(0)).clear();
            case "putn" -> queues.get(statement.number(0)).putNowait(number);
            case "getn" -> {
                return queues.get(statement.number(0)).getNowait();
            }
            case "done" -> queues.get(statement.number(0)).taskDone();
            case "qshut" -> queues.get(statement.number(0)).shutdown(statement.number(1) == 1);
            case "fset" -> futures.get(statement.number(0)).setResult(number);
            case "fexc" -> futures.get(statement.number(0)).setException(new Thrown(number));
            case "fcancel" -> {
                return futures.get(statement.number(0)).cancel("m" + number);
            }
            case "notify" -> condition.notifyWaiters(statement.number(0));
            default -> {
                return null;
            }
        }
        return "";
    }

    private Object setHand(Statement statement, Hand hand) {
        hands.put(statement.number(0), hand);
        return hand.coroutine;
    }

    /** Takes a coroutine that nobody else may drive from now on. */
    @Nullable
    Coroutine<?> takeHand(int index) {
        var hand = hands.remove(index);
        if (hand != null && !hand.hasBegun) {
            toClose.remove(hand.coroutine);
        }
        return hand == null ? null : hand.coroutine;
    }

    private static String stepOf(Callable<?> step) {
        try {
            return "gave " + givenText(step.call());
        } catch (StopIteration e) {
            return "returned " + givenText(e.value());
        } catch (Throwable e) {
            return nameOf(e);
        }
    }

    static String givenText(@Nullable Object value) {
        return value == null ? "none" : value instanceof Future<?> ? "future" : value.toString();
    }

    static @Nullable Integer valueOf(int number) {
        return number < 0 ? null : number;
    }

    /** What a body gives to its driver, and the answer. */
    Coroutine<String> yielded(Statement it) {
        return Asyncio.async(() -> givenText(Coroutine.yield(valueOf(it.number(0)))));
    }

    private Coroutine<?> call(Statement it, AsyncGenerator<Integer> generator, int how) {
        return switch (how) {
            case 0 -> generator.anext();
            case 1 -> generator.asend(valueOf(it.number()));
            case 2 -> generator.athrow(errorOf(it));
            default -> generator.aclose();
        };
    }

    /** The last number of a statement says what it raises. */
    static Throwable errorOf(Statement it) {
        return switch (it.number(it.args().size() - 1)) {
            case 0 -> new Thrown(it.number());
            case 1 -> new StopIteration(it.number());
            case 2 -> new GeneratorExit();
            case 3 -> new CancelledError();
            case 4 -> new StopAsyncIteration();
            default -> new IllegalStateException();
        };
    }

    /** Has another thread do all that, and waits for it. */
    private void inThread(int label, List<Statement> statements) {
        var thread = new Thread(() -> {
            for (var statement : statements) {
                log(label, statement.number(), (statement.op() + " " + calledFromAnywhere(label, statement)));
            }
        });
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What other threads may do as well. */
    private Object calledFromAnywhere(int label, Statement statement) {
        int number = statement.number();
        switch (statement.op()) {
            case "tsoon" -> loop.callSoonThreadsafe(() -> log(label, number, "called"));
            case "thandle" ->
                handles.put(statement.number(0), loop.callSoonThreadsafe(() -> log(label, number, "called")));
            case "hcancel" -> {
                var handle = handles.get(statement.number(0));
                if (handle == null) {
                    return "none";
                }
                handle.cancel();
            }
            case "tcancel" -> {
                var task = tasks.get(statement.number(0));
                if (task == null) {
                    return "none";
                }
                loop.callSoonThreadsafe(() -> log(label, number, "called " + task.cancel("m" + number)));
            }
            case "give" -> {
                var future = Asyncio.runCoroutineThreadsafe(task(statement.number(1), statement.block(2)), loop);
                given.put(statement.number(0), new Given(statement.number(1), future));
                future.whenComplete((result, error) -> log(
                        label,
                        number,
                        "given " + (future.isCancelled() ? "CancelledError" : error == null ? result : nameOf(error))));
            }
            case "givencancel" -> {
                var future = given.get(statement.number(0));
                // What is cancelled before it has begun never does, unlike in CPython.
                return future == null || !tasks.containsKey(future.child) ? "none" : future.future.cancel(true);
            }
            default -> throw new IllegalArgumentException(statement.toString());
        }
        return "";
    }
}

package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.Awaitable;
import asyncio.Barrier;
import asyncio.CancelledError;
import asyncio.Condition;
import asyncio.Coroutine;
import asyncio.Event;
import asyncio.Lock;
import asyncio.Queue;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.semantics.SuspendBodies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs of locks, semaphores, events, conditions, queues and barriers do what they do on CPython, in the same
 * order and the same iterations. The programs, and what CPython made of them, are in {@code primitives.txt.gz}, which
 * {@code src/test/python/primitives.py} wrote.
 */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomPrimitivesTest {

    /** Who awaits the primitives. */
    enum Body {
        JAVA,
        SUSPEND_FUNCTION
    }

    @ParameterizedTest
    @EnumSource
    void doWhatTheyDoOnCPython(Body body) throws IOException {
        int number = 0;
        for (var text : programs()) {
            var operations = Stream.of(text)
                    .filter(line -> line.startsWith("task: "))
                    .map(line -> List.of(line.substring("task: ".length()).split(", ")))
                    .toList();
            var expected = List.of(text).subList(operations.size(), text.length);
            var name = "program " + number++ + ":\n"
                    + String.join("\n", List.of(text).subList(0, operations.size()));
            assertEquals(String.join("\n", expected), String.join("\n", new Run(operations, body).log()), name);
        }
    }

    private static List<String[]> programs() throws IOException {
        try (var file = RandomPrimitivesTest.class.getResourceAsStream("/asyncio/random/primitives.txt.gz");
                var in = new GZIPInputStream(file)) {
            return Stream.of(new String(in.readAllBytes(), UTF_8).split("\n\n"))
                    .map(text -> text.split("\n"))
                    .toList();
        }
    }

    /** The class of the same name in primitives.py, line by line. */
    private static final class Run {
        private final List<List<String>> program;
        private final Body body;
        private final List<String> log = new ArrayList<>();
        private int iteration;
        private boolean ticking = true;
        private final Lock lock = Lock.create();
        private final Semaphore semaphore = Semaphore.create(1);
        private final Event event = Event.create();
        private final Condition condition = Condition.create();
        private final Barrier barrier = Barrier.create(2);
        private final Queue<Integer> queue = Queue.priority(2);
        private List<Task<Void>> tasks;

        Run(List<List<String>> program, Body body) {
            this.program = program;
            this.body = body;
        }

        List<String> log() {
            try (var loop = newEventLoop()) {
                loop.setExceptionHandler((l, context) -> {});
                return loop.runUntilComplete(main());
            }
        }

        private void tick() {
            iteration++;
            if (ticking) {
                getRunningLoop().callSoon(this::tick);
            }
        }

        private Object perform(String operation, int item) {
            var words = operation.split(" ");
            switch (words[0]) {
                case "sleep" -> await(sleep(ZERO));
                case "acquire" -> in(lock.acquire());
                case "release" -> lock.release();
                case "take" -> in(semaphore.acquire());
                case "give" -> semaphore.release();
                case "wait_set" -> in(event.waitSet());
                case "set" -> event.set();
                case "clear" -> event.clear();
                case "c_acquire" -> in(condition.acquire());
                case "c_release" -> condition.release();
                case "c_wait" -> in(condition.waitNotified());
                case "c_notify" -> condition.notifyWaiters(Integer.parseInt(words[1]));
                case "c_notify_all" -> condition.notifyAllWaiters();
                case "c_with" ->
                    with(condition, () -> {
                        in(condition.waitNotified());
                    });
                case "put" -> in(queue.put(item));
                case "put_nowait" -> queue.putNowait(item);
                case "get" -> {
                    return in(queue.get());
                }
                case "get_nowait" -> {
                    return queue.getNowait();
                }
                case "task_done" -> queue.taskDone();
                case "join" -> in(queue.join());
                case "shutdown" -> queue.shutdown();
                case "meet" -> in(barrier.waitAll());
                case "b_reset" -> in(barrier.reset());
                case "b_abort" -> in(barrier.abort());
                case "cancel" -> tasks.get(Integer.parseInt(words[1])).cancel();
                default -> throw new AssertionError(operation);
            }
            return "ok";
        }

        /** Awaits in the kind of body that this run is about. */
        private <T> T in(Awaitable<T> awaitable) {
            if (body == Body.JAVA) {
                return await(awaitable);
            }
            var result = new ArrayList<T>();
            await(SuspendBodies.after(awaitable, value -> {
                result.add(value);
                return kotlin.Unit.INSTANCE;
            }));
            return result.get(0);
        }

        private Coroutine<Void> task(int number) {
            return async(() -> {
                var operations = program.get(number);
                for (int index = 0; index < operations.size(); index++) {
                    Object result;
                    try {
                        result = perform(operations.get(index), number * 100 + (index * 37) % 100);
                    } catch (RuntimeException | CancelledError e) {
                        result = Program.nameInPython(e);
                    }
                    log.add(iteration + " " + number + " " + index + " " + result);
                }
            });
        }

        private Coroutine<List<String>> main() {
            return async(() -> {
                getRunningLoop().callSoon(this::tick);
                await(sleep(ZERO));
                tasks = new ArrayList<>();
                for (int n = 0; n < program.size(); n++) {
                    tasks.add(createTask(task(n)));
                }
                for (int n = 0; n < 60; n++) {
                    await(sleep(ZERO));
                }
                log.add("end " + lock.locked() + " " + semaphore.locked() + " " + event.isSet() + " "
                        + condition.locked() + " " + queue.qsize() + " " + barrier.nWaiting() + " "
                        + barrier.broken() + " "
                        + tasks.stream().map(Task::done).toList());
                ticking = false;
                return List.copyOf(log);
            });
        }
    }
}

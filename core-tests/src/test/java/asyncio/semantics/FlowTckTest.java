package asyncio.semantics;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;

import asyncio.AsyncIterable;
import asyncio.EventLoop;
import asyncio.Publishers;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;

/** The rules of reactive streams, as their own TCK checks them. It is written for TestNG; this calls its methods. */
class FlowTckTest {
    private static final TestEnvironment ENVIRONMENT = new TestEnvironment(1000, 200);
    private static EventLoop loop;
    private static Thread thread;

    @BeforeAll
    static void startLoop() {
        loop = newEventLoop();
        // The TCK makes subscribers that throw.
        loop.setExceptionHandler((where, report) -> {});
        thread = new Thread(loop::runForever, "tck loop");
        thread.start();
    }

    @AfterAll
    static void stopLoop() throws InterruptedException {
        loop.callSoonThreadsafe(loop::stop);
        thread.join();
        loop.close();
    }

    private static <T> T inLoop(Supplier<T> supplier) {
        return runCoroutineThreadsafe(async(supplier::get), loop).join();
    }

    public static final class Publisher extends FlowPublisherVerification<Long> {
        public Publisher() {
            super(ENVIRONMENT);
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            AsyncIterable<Long> items = () -> asyncGenerator(out -> {
                for (var i = 0L; i < elements; i++) {
                    if (i % 3 == 0) await(sleep(ofMillis(0)));
                    out.yield(i);
                }
            });
            return inLoop(() -> Publishers.publisher(items));
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            AsyncIterable<Long> items = () -> {
                throw new IllegalStateException("fails at once");
            };
            return inLoop(() -> Publishers.publisher(items));
        }

        @Override
        public long maxElementsFromPublisher() {
            return 1_000_000;
        }
    }

    public static final class Subscriber extends FlowSubscriberBlackboxVerification<Integer> {
        public Subscriber() {
            super(ENVIRONMENT);
        }

        /** The one that iterating over a publisher makes: it is caught by a publisher of ours. */
        @Override
        public Flow.Subscriber<Integer> createFlowSubscriber() {
            var made = new CompletableFuture<Flow.Subscriber<? super Integer>>();
            inLoop(() -> createTask(async(() -> {
                Flow.Publisher<Integer> catching = made::complete;
                for (var item : each(Publishers.items(catching))) consume(item);
            })));
            return asItIs(made.join());
        }

        private static void consume(Object item) {}

        @Override
        public Integer createElement(int element) {
            return element;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Flow.Subscriber<T> asItIs(Flow.Subscriber<? super T> subscriber) {
        return (Flow.Subscriber<T>) subscriber;
    }

    @TestFactory
    Stream<DynamicTest> publisher() {
        return methodsOf(Publisher.class, Publisher::new);
    }

    @TestFactory
    Stream<DynamicTest> subscriber() {
        return methodsOf(Subscriber.class, Subscriber::new);
    }

    private static Stream<DynamicTest> methodsOf(Class<?> verification, Supplier<?> maker) {
        return Arrays.stream(verification.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .sorted(Comparator.comparing(java.lang.reflect.Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> {
                    var instance = maker.get();
                    call(instance, verification, org.testng.annotations.BeforeClass.class);
                    call(instance, verification, org.testng.annotations.BeforeMethod.class);
                    try {
                        method.invoke(instance);
                    } catch (InvocationTargetException raised) {
                        if (raised.getCause() instanceof SkipException skip) {
                            Assumptions.abort(skip.getMessage());
                        }
                        throw raised.getCause();
                    } finally {
                        call(instance, verification, org.testng.annotations.AfterClass.class);
                    }
                }));
    }

    private static void call(Object instance, Class<?> verification, Class<? extends Annotation> annotation)
            throws ReflectiveOperationException {
        for (var method : verification.getMethods()) {
            if (method.isAnnotationPresent(annotation)) method.invoke(instance);
        }
    }
}

package asyncio.semantics;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncIterable;
import asyncio.Publishers;
import asyncio.StopAsyncIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;

class PublishersTest {
    private static AsyncIterable<Integer> numbers(int count) {
        return () -> asyncGenerator(out -> {
            for (var i = 0; i < count; i++) {
                await(sleep(ofMillis(0)));
                out.yield(i);
            }
        });
    }

    /** A subscriber that asks for items one by one. */
    private static class Collecting implements Flow.Subscriber<Integer> {
        final List<Object> signals = new CopyOnWriteArrayList<>();
        final CountDownLatch ended = new CountDownLatch(1);
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Integer item) {
            signals.add(item);
            subscription.request(1);
        }

        @Override
        public void onError(Throwable error) {
            signals.add(error);
            ended.countDown();
        }

        @Override
        public void onComplete() {
            signals.add("complete");
            ended.countDown();
        }
    }

    @Test
    void itemsOfAPublisherThatUsesThreadsOfItsOwn() {
        run(() -> {
            try (var publisher = new SubmissionPublisher<Integer>()) {
                var reader = createTask(async(() -> {
                    var seen = new ArrayList<Integer>();
                    for (var item : each(Publishers.items(publisher, 3))) seen.add(item);
                    return seen;
                }));
                await(toThread(() -> {
                    while (publisher.getNumberOfSubscribers() == 0) Thread.onSpinWait();
                    for (var i = 0; i < 1000; i++) publisher.submit(i);
                    publisher.close();
                }));
                var seen = await(reader);
                assertEquals(1000, seen.size());
                assertEquals(999, seen.get(999));
            }
        });
    }

    @Test
    void anErrorOfThePublisherIsRaisedAfterItsItems() {
        run(() -> {
            var publisher = Publishers.publisher(() -> asyncGenerator(out -> {
                out.yield(1);
                throw new IOException("broken");
            }));
            var items = Publishers.items(publisher).aiter();
            assertEquals(1, await(items.anext()));
            assertThrows(IOException.class, () -> await(items.anext()));
            assertThrows(StopAsyncIteration.class, () -> await(items.anext()));
        });
    }

    @Test
    void leavingEarlyCancelsTheSubscriptionAndClosesTheGenerator() {
        var log = new CopyOnWriteArrayList<String>();
        run(() -> {
            var publisher = Publishers.publisher(() -> asyncGenerator(out -> {
                try {
                    for (var i = 0; ; i++) out.yield(i);
                } finally {
                    await(sleep(ofMillis(1)));
                    log.add("closed");
                }
            }));
            with(
                    aclosing((asyncio.AsyncGenerator<Object>)
                            Publishers.items(publisher).aiter()),
                    items -> {
                        for (var item : each(items)) {
                            if (item.equals(10)) break;
                        }
                    });
            while (log.isEmpty()) await(sleep(ofMillis(1)));
        });
        assertEquals(List.of("closed"), log);
    }

    @Test
    void asManyItemsAreMadeAsWereAskedFor() {
        var made = new CopyOnWriteArrayList<Integer>();
        run(() -> {
            var publisher = Publishers.<Integer>publisher(() -> asyncGenerator(out -> {
                for (var i = 0; i < 100; i++) {
                    made.add(i);
                    out.yield(i);
                }
            }));
            var subscriber = new Collecting() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    this.subscription = subscription;
                    subscription.request(3);
                }

                @Override
                public void onNext(Integer item) {
                    signals.add(item);
                }
            };
            publisher.subscribe(subscriber);
            while (subscriber.signals.size() < 3) await(sleep(ofMillis(1)));
            for (var i = 0; i < 10; i++) await(sleep(ofMillis(0)));
            assertEquals(3, made.size());
            subscriber.subscription.request(2);
            while (subscriber.signals.size() < 5) await(sleep(ofMillis(1)));
            subscriber.subscription.cancel();
            for (var i = 0; i < 10; i++) await(sleep(ofMillis(0)));
            assertEquals(5, made.size());
            assertEquals(1, allTasks().size());
        });
    }

    @Test
    void aSubscriberOfAnotherThreadGetsEverything() throws Exception {
        var subscriber = new Collecting();
        run(() -> {
            var publisher = Publishers.publisher(numbers(100));
            await(toThread(() -> {
                publisher.subscribe(subscriber);
                subscriber.ended.await();
            }));
        });
        assertEquals(101, subscriber.signals.size());
        assertEquals("complete", subscriber.signals.get(100));
    }

    @Test
    void theEndOfTheLoopIsAnErrorForItsSubscribers() throws Exception {
        var during = new Collecting();
        var after = new Collecting();
        var publisher = run(() -> {
            var made = Publishers.<Integer>publisher(() -> asyncGenerator(out -> await(sleep(ofHours(1)))));
            made.subscribe(during);
            while (during.subscription == null) await(sleep(ofMillis(1)));
            return made;
        });
        during.ended.await();
        assertTrue(during.signals.get(0) instanceof Throwable, during.signals.toString());
        publisher.subscribe(after);
        after.ended.await();
        assertTrue(after.signals.get(0) instanceof IllegalStateException, after.signals.toString());
    }
}

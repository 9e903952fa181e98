package asyncio.vertx;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.EventBusServices.serve;
import static asyncio.vertx.Streams.items;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Event;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventBusServicesTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void messagesAreHandledByCoroutinesAndTheirResultIsTheReply() throws Exception {
        try (var deployed = new Deployed()) {
            var bus = deployed.vertx.eventBus();
            Deployed.get(deployed.vertx.deployVerticle(new AsyncioVerticle() {
                @Override
                public void start() {
                    createTask(serve(vertx.eventBus().<String>consumer("greet"), message -> {
                        assertTrue(((ContextInternal) Vertx.currentContext()).isDuplicate());
                        assertSame(context, ((ContextInternal) Vertx.currentContext()).unwrap());
                        await(sleep(ofMillis(1)));
                        if (message.body().isEmpty()) throw new IOException("nobody");
                        if (message.body().equals("?")) {
                            throw new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 42, "who");
                        }
                        return "hello " + message.body();
                    }));
                    await(sleep(ofMillis(1)));
                }
            }));
            AsyncioVertx.run(deployed.vertx, () -> {
                assertEquals(
                        "hello you", await(bus.<String>request("greet", "you")).body());
                var nobody = assertThrows(ReplyException.class, () -> await(bus.request("greet", "")));
                assertEquals(ReplyFailure.RECIPIENT_FAILURE, nobody.failureType());
                assertEquals(-1, nobody.failureCode());
                assertEquals("nobody", nobody.getMessage());
                assertEquals(
                        42,
                        assertThrows(ReplyException.class, () -> await(bus.request("greet", "?")))
                                .failureCode());
                assertEquals(
                        ReplyFailure.NO_HANDLERS,
                        assertThrows(ReplyException.class, () -> await(bus.request("nowhere", "x")))
                                .failureType());
            });
        }
    }

    @Test
    void atMostSoManyMessagesAreHandledAtATime() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var bus = deployed.vertx.eventBus();
                var now = new int[2];
                var service = Asyncio.createTask(serve(bus.<Integer>consumer("work"), 3, message -> {
                    now[0]++;
                    now[1] = Math.max(now[0], now[1]);
                    await(sleep(ofMillis(1)));
                    now[0]--;
                    return message.body();
                }));
                await(sleep(ofMillis(1)));
                var replies = new ArrayList<asyncio.Future<Message<Integer>>>();
                for (var i = 0; i < 50; i++) replies.add(wrapFuture(bus.<Integer>request("work", i)));
                var results = await(gather(replies));
                for (var i = 0; i < 50; i++) assertEquals(i, results.get(i).body());
                assertEquals(3, now[1]);
                service.cancel();
                await(Asyncio.wait(List.of(service)));
                assertTrue(service.cancelled());
                assertEquals(
                        ReplyFailure.NO_HANDLERS,
                        assertThrows(ReplyException.class, () -> await(bus.request("work", 1)))
                                .failureType());
            });
        }
    }

    @Test
    void aCancelledServiceCancelsItsHandlersAndTellsTheirSenders() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var bus = deployed.vertx.eventBus();
                var begun = Event.create();
                var service = Asyncio.createTask(serve(bus.<String>consumer("slow"), message -> {
                    begun.set();
                    try {
                        await(sleep(ofHours(1)));
                    } finally {
                        await(sleep(ofMillis(1)));
                        log.add("handler ended");
                    }
                    return null;
                }));
                await(sleep(ofMillis(1)));
                var reply = wrapFuture(bus.request("slow", "x"));
                await(begun.waitSet());
                service.cancel();
                await(Asyncio.wait(List.of(service)));
                assertEquals(List.of("handler ended"), log);
                var error = assertThrows(ReplyException.class, () -> await(reply));
                assertEquals(ReplyFailure.RECIPIENT_FAILURE, error.failureType());
            });
        }
    }

    @Test
    void aReplyThatDoesNotComeIsATimeout() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var bus = deployed.vertx.eventBus();
                bus.consumer("silent", ignored -> {});
                var error = assertThrows(
                        ReplyException.class,
                        () -> await(bus.request("silent", "x", new DeliveryOptions().setSendTimeout(10))));
                assertEquals(ReplyFailure.TIMEOUT, error.failureType());
            });
        }
    }

    @Test
    void aConsumerIsAnAsyncIterable() throws Exception {
        try (var deployed = new Deployed()) {
            AsyncioVertx.run(deployed.vertx, () -> {
                var bus = deployed.vertx.eventBus();
                try (var messages = items(bus.<Integer>consumer("numbers"))) {
                    for (var i = 0; i < 100; i++) bus.publish("numbers", i);
                    var expected = 0;
                    for (var message : each(messages)) {
                        assertEquals(expected++, message.body());
                        if (expected == 100) break;
                    }
                }
                await(sleep(ofMillis(1)));
                assertEquals(
                        ReplyFailure.NO_HANDLERS,
                        assertThrows(ReplyException.class, () -> await(bus.request("numbers", 1)))
                                .failureType());
            });
        }
    }
}

package samples.web;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Task;
import asyncio.http.ClientSession;
import asyncio.vertx.AsyncioVertx;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebTest {
    @Test
    void pagesAreServedAndNoTaskIsLeft() {
        var vertx = Vertx.vertx();
        try {
            AsyncioVertx.run(vertx, () -> {
                var pages = new Pages(0);
                var deployment = await(vertx.deployVerticle(pages));
                var url = "http://127.0.0.1:" + pages.port();
                try (var session = ClientSession.create()) {
                    var hellos = new ArrayList<Task<String>>();
                    for (var i = 0; i < 50; i++) {
                        var page = url + "/hello/" + i;
                        hellos.add(createTask(
                                async(() -> await(await(session.get(page)).text()))));
                    }
                    assertEquals("hello 49\n", await(gather(hellos)).get(49));
                    assertEquals(50, pages.served());
                    assertEquals(504, await(session.get(url + "/slow")).status());
                    try (var events = await(session.get(url + "/ticks"))) {
                        assertTrue(await(events.content().readline()).length > 0);
                    }
                }
                await(vertx.undeploy(deployment));
                assertTrue(pages.loop().isClosed());
            });
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}

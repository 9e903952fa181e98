package asyncio.semantics;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.Task;
import asyncio.vertx.AsyncioVertx;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The MDC and the current context of Vert.x together: both follow a task. */
@Tag("mdc")
class MdcOnContextTest {
    @Test
    void tasksOfHandlersKeepBoth() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var context = vertx.getOrCreateContext();
            var done = Promise.<String>promise();
            context.runOnContext(ignored -> {
                var tasks = new ArrayList<Task<String>>();
                for (var name : List.of("a", "b")) {
                    MDC.put("who", name);
                    tasks.add(AsyncioVertx.createTask(() -> {
                        var seen = new StringBuilder();
                        for (var i = 0; i < 3; i++) {
                            seen.append(MDC.get("who"));
                            await(vertx.timer(1));
                            await(sleep(ofMillis(1)));
                            if (Vertx.currentContext() != context) seen.append("!");
                        }
                        MDC.put("who", "own " + name);
                        await(toThread(() -> 1));
                        return seen.append(", ").append(MDC.get("who")).toString();
                    }));
                }
                MDC.put("who", "handler");
                gather(tasks).addDoneCallback(all -> done.complete(all.result() + " " + MDC.get("who")));
                MDC.clear();
            });
            assertEquals(
                    "[aaa, own a, bbb, own b] handler",
                    done.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}

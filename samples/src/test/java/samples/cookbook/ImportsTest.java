package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.ReturnWhen.*;
import static java.time.Duration.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import asyncio.*;
import asyncio.BrokenBarrierException;
import asyncio.Future;
import asyncio.Queue;
import asyncio.Semaphore;
import asyncio.TimeoutException;
import asyncio.http.*;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The imports that docs/imports.md shows serve a file that uses Java's own queues and futures as well. */
class ImportsTest {
    @Test
    void theNamesAreThoseOfAsyncio() {
        List<String> log = new ArrayList<>();
        run(() -> {
            Queue<String> queue = Queue.create();
            Future<String> future = getRunningLoop().createFuture();
            getRunningLoop().callSoon(() -> future.setResult("future"));
            queue.putNowait(await(future));
            log.add(await(queue.get()));
            var semaphore = Semaphore.create(1);
            with(semaphore, () -> log.add("" + semaphore.locked()));
            assertThrows(BrokenBarrierException.class, () -> {
                throw new BrokenBarrierException("broken");
            });
            Set<Task<String>> tasks = new HashSet<>(Set.of(createTask(sleep(ZERO, "done"))));
            assertEquals(
                    0, await(Asyncio.wait(tasks, FIRST_COMPLETED)).pending().size());
            assertThrows(TimeoutException.class, () -> await(waitFor(queue.get(), ofMillis(1))));
            ExecutorService executor = Executors.newSingleThreadExecutor();
            log.add(await(wrapFuture(executor.submit(() -> "executor"))));
            executor.shutdown();
            try (var session = ClientSession.create()) {
                log.add("" + session.closed());
            }
        });
        assertEquals(List.of("future", "true", "executor", "false"), log);
    }

    @Test
    void thePageShowsTheImportsOfThisFile() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "imports.md"));
        var start = page.indexOf("```java\n") + "```java\n".length();
        var shown = page.substring(start, page.indexOf("```", start))
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.toSet());
        var here = Files.readString(Path.of("src", "test", "java", "samples", "cookbook", "ImportsTest.java"));
        shown.removeIf(line -> here.lines().anyMatch(line::equals));
        assertEquals(Set.of(), shown, "imports of docs/imports.md that this file does not have");
    }
}

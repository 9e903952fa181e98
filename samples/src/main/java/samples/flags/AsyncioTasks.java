package samples.flags;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.http.ClientSession;
import asyncio.http.ClientTimeout;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** One task per flag, all of them in one thread: while one waits, the others go on. */
final class AsyncioTasks implements Way {

    @Override
    public String title(int flags, int limit) {
        return flags == 1 ? "1 asyncio task" : flags + " asyncio tasks";
    }

    @Override
    public List<Download> downloadMany(List<String> countries, Job job) {
        return run(() -> {
            var atOnce = Semaphore.create(job.limit());
            try (var session = ClientSession.builder()
                    .limit(0)
                    .timeout(ClientTimeout.ofTotal(job.timeout()))
                    .build()) {
                var tasks = new ArrayList<Task<Download>>();
                for (var country : countries) {
                    tasks.add(createTask(downloadOne(country, job, session, atOnce)));
                }
                return await(gather(tasks));
            }
        });
    }

    private static Coroutine<Download> downloadOne(String country, Job job, ClientSession session, Semaphore atOnce) {
        return async(() -> {
            await(atOnce.acquire());
            var attempt = job.start(country);
            try {
                var image = await(getFlag(job.urlOf(country), session));
                // Disks cannot be awaited: a thread writes, the loop goes on.
                await(toThread(() -> job.folder().save(country, image)));
                return attempt.saved(image.length);
            } catch (Exception e) { // A cancellation is no Exception: it passes, as it should.
                return attempt.failed(e);
            } finally {
                atOnce.release();
            }
        });
    }

    private static Coroutine<byte[]> getFlag(URI url, ClientSession session) {
        return async(() -> {
            try (var response = await(session.get(url.toString()).allowRedirects(false))) {
                if (response.status() != 200) {
                    throw new NotOk(response.status());
                }
                return await(response.read());
            }
        });
    }
}

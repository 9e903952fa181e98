package samples.flags;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A pool of threads: as many flags at once as there are threads, and each thread does nothing but wait. */
final class ThreadPool implements Way {

    @Override
    public String title(int flags, int limit) {
        return limit == 1 ? "pool of 1 thread" : "pool of " + limit + " threads";
    }

    @Override
    public List<Download> downloadMany(List<String> countries, Job job) throws InterruptedException {
        var http = new BlockingDownloader();
        var pool = Executors.newFixedThreadPool(job.limit());
        try {
            var futures = new ArrayList<Future<Download>>();
            for (var country : countries) {
                futures.add(pool.submit(() -> http.downloadOne(country, job)));
            }
            var downloads = new ArrayList<Download>();
            for (var future : futures) {
                downloads.add(future.get());
            }
            return downloads;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
            pool.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}

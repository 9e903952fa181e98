package samples.flags;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@link Sequential} and {@link ThreadPool} share: calls that hold their thread until the flag is there. */
final class BlockingDownloader {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Download downloadOne(String country, Job job) throws InterruptedException {
        var attempt = job.start(country);
        try {
            var image = getFlag(job.urlOf(country), job.timeout());
            job.folder().save(country, image);
            return attempt.saved(image.length);
        } catch (IOException | TimeoutException e) {
            return attempt.failed(e);
        }
    }

    private byte[] getFlag(URI url, Duration timeout) throws IOException, InterruptedException, TimeoutException {
        // send() would do, but its timeout ends with the head of the answer: a body that never ends would hold us for
        // ever.
        var answer = http.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
        try {
            var response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new NotOk(response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }
}

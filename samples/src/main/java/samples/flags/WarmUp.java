package samples.flags;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** Lets a way fetch flags that do not count, so that none is measured while it loads its classes. */
final class WarmUp implements AutoCloseable {
    private final FlagServer server = FlagServer.start(Duration.ZERO, Map.of());

    void run(Way way) throws InterruptedException {
        try {
            var folder = Files.createTempDirectory("flags");
            var countries = Countries.MOST_POPULOUS;
            var job = new Job(server.url(), new FlagFolder(folder), countries.size(), Duration.ofSeconds(30), () -> {});
            for (var download : way.downloadMany(countries, job)) {
                Files.deleteIfExists(folder.resolve(download.country() + ".svg"));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Then it is measured cold.
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

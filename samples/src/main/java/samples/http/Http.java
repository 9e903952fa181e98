package samples.http;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.TimeoutException;
import asyncio.http.ClientException;
import asyncio.http.ClientResponse;
import asyncio.http.ClientSession;
import asyncio.http.ClientTimeout;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import samples.ProgressLine;

/** Fetches URLs, as many at once as it may, and shows what came of each. */
@Command(
        name = "http",
        description =
                "Fetches URLs, all at once, and shows the status, the size and the time of each. What they bring is"
                        + " counted as it comes, and not kept.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every URL was answered with a status below 400",
            "1:one was not",
            "2:a mistake on the command line",
            "130:interrupted"
        })
public final class Http implements Callable<Integer> {
    private static final int PORTION = 64 * 1024;

    @Spec
    private CommandSpec spec;

    private int limit;
    private Duration timeout;

    @Option(
            names = {"-h", "--help"},
            order = 3,
            usageHelp = true,
            description = "Shows this.")
    private boolean help;

    @Parameters(
            paramLabel = "URL",
            arity = "0..*",
            description = "http or https. Default: a few of a server inside this program.")
    private List<String> urls;

    @Option(
            names = "--limit",
            order = 1,
            paramLabel = "N",
            defaultValue = "10",
            description = "At most so many at once. Default: 10.")
    private void setLimit(int limit) {
        check(limit >= 1, "--limit must be at least 1, but was " + limit);
        this.limit = limit;
    }

    @Option(
            names = "--timeout",
            order = 2,
            paramLabel = "S",
            defaultValue = "30",
            description = "How many seconds one may take. Default: 30.")
    private void setTimeout(int seconds) {
        check(seconds >= 1, "--timeout must be at least 1, but was " + seconds);
        timeout = Duration.ofSeconds(seconds);
    }

    private void check(String url) {
        try {
            var uri = new URI(url);
            var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        check(false, "'" + url + "' is not like https://example.com/path");
    }

    private void check(boolean valid, String problem) {
        if (!valid) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    @Override
    public Integer call() {
        if (urls != null) {
            urls.forEach(this::check);
            return fetch();
        }
        try (var server = Town.open()) {
            urls = server.urls();
            return fetch();
        }
    }

    private int fetch() {
        long started = System.nanoTime();
        List<Fetched> all = run(fetchAll());
        return new Table(spec.commandLine().getOut()).print(all, System.nanoTime() - started) ? 0 : 1;
    }

    private Coroutine<List<Fetched>> fetchAll() {
        return async(() -> {
            var atOnce = Semaphore.create(limit);
            var tasks = new ArrayList<Task<Fetched>>();
            try (var session = ClientSession.builder()
                            .limit(limit)
                            .timeout(ClientTimeout.ofTotal(timeout))
                            .build();
                    var progress = ProgressLine.show(
                            "http", urls.size(), spec.commandLine().getErr())) {
                with(taskGroup(), group -> {
                    for (var url : urls) {
                        tasks.add(group.createTask(fetchOne(url, session, atOnce, progress)));
                    }
                });
            }
            return tasks.stream().map(Task::result).toList();
        });
    }

    private static Coroutine<Fetched> fetchOne(
            String url, ClientSession session, Semaphore atOnce, ProgressLine progress) {
        return async(() -> {
            try (var permit = await(atOnce.hold())) {
                long started = System.nanoTime();
                try (var response = await(session.get(url))) {
                    long bytes = await(size(response));
                    return Fetched.answered(url, response.status(), bytes, System.nanoTime() - started);
                } catch (ClientException | TimeoutException e) { // All that can go wrong with a request.
                    return Fetched.failed(url, e, System.nanoTime() - started);
                } finally {
                    progress.step();
                }
            }
        });
    }

    private static Coroutine<Long> size(ClientResponse response) {
        return async(() -> {
            long bytes = 0;
            for (var portion : each(response.content().iterChunked(PORTION))) {
                bytes += portion.length;
            }
            return bytes;
        });
    }
}

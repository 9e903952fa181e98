package samples.jobs;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;
import asyncio.Semaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs several commands at once and shows their output while they run. */
@Command(
        name = "jobs",
        description = "Runs commands of the shell at once, with their output as it comes.",
        sortOptions = false)
public final class Jobs implements Callable<Integer> {
    private static final List<String> EXAMPLES = List.of(
            "for i in 1 2 3 4 5; do echo step $i; sleep 0.2; done",
            "echo something is wrong >&2; exit 3",
            "echo waiting; sleep 60");

    @Spec
    private CommandSpec spec;

    @Option(names = "--jobs", defaultValue = "4", description = "how many at a time (default: 4)")
    private int places;

    @Option(names = "--timeout", defaultValue = "2", description = "seconds for each of them (default: 2)")
    private double timeout;

    @Parameters(paramLabel = "COMMAND", description = "lines for the shell (default: three examples)")
    private List<String> lines = new ArrayList<>();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var limit = Duration.ofMillis((long) (timeout * 1000));
        var all = lines.isEmpty() ? EXAMPLES : lines;
        List<String> ends = run(() -> {
            var slots = Semaphore.create(places);
            var running = new ArrayList<Coroutine<String>>();
            for (var line : all) {
                running.add(new Job(running.size() + 1, line).run(slots, limit, out));
            }
            return await(gather(running));
        });
        for (int i = 0; i < ends.size(); i++) {
            out.println((i + 1) + ": " + ends.get(i) + ": " + all.get(i));
        }
        return ends.stream().allMatch("exit code 0"::equals) ? 0 : 1;
    }
}

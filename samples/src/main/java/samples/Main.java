package samples;

import asyncio.KeyboardInterrupt;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import samples.count.Count;
import samples.duplicates.Duplicates;
import samples.flags.Flags;
import samples.http.Http;
import samples.jobs.Jobs;
import samples.kv.KeyValue;
import samples.lessons.Lessons;
import samples.sums.Sums;
import samples.web.Web;

/** Starts the sample that is named: {@code samples/run flags}. Without a name it lists them. */
@Command(
        name = "samples/run",
        description = "Runs a sample of asyncio4j.",
        synopsisSubcommandLabel = "SAMPLE",
        commandListHeading = "%nSamples:%n",
        footer = {"", "'samples/run SAMPLE --help' tells the options of a sample."},
        subcommands = {
            Duplicates.class,
            Flags.class,
            Http.class,
            Jobs.class,
            KeyValue.class,
            Lessons.class,
            Sums.class,
            Web.class
        })
public final class Main implements Runnable {
    /** The exit code after Ctrl-C, as shells have it. */
    public static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            hidden = true)
    private boolean help;

    private Main() {}

    /** Runs a sample; its exit code becomes that of the process. */
    public static void main(String[] args) {
        if (System.getProperty("java.util.logging.config.file") == null) {
            // A sample prints its own lines only.
            LogManager.getLogManager().reset();
        }
        System.exit(commandLine().execute(args));
    }

    /** The command line, as {@link #main} and the tests use it. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((mistake, args) -> explain(mistake))
                .setExecutionStrategy(Main::execute);
    }

    /** Ctrl-C ends a sample with one line, wherever it does nothing else about it. */
    private static int execute(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (KeyboardInterrupt | ExecutionException e) {
            // The command that is a method has its errors wrapped.
            if (e instanceof ExecutionException && !(e.getCause() instanceof KeyboardInterrupt)) {
                throw e;
            }
            parsed.commandSpec().commandLine().getErr().println("interrupted");
            return INTERRUPTED;
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "count", description = "Counts to two, three times at once: asyncio's own first example.")
    private void count() {
        Count.main(new String[0]);
    }

    /** One line for a mistake on the command line, instead of picocli's whole help. */
    private static int explain(ParameterException mistake) {
        var command = mistake.getCommandLine();
        var name = command.getCommandSpec().qualifiedName();
        var message = mistake.getMessage().lines().findFirst().orElse("");
        if (command.getParent() == null
                && mistake instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()) {
            message = "There is no sample '" + unmatched.getUnmatched().get(0) + "'; there is "
                    + String.join(", ", command.getSubcommands().keySet());
        }
        command.getErr().println(name + ": " + message + " (see " + name + " --help)");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }
}

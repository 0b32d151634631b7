package dev.jeton.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link VerificationBenchmark} with JMH's options and prints one line for each provider and algorithm. */
public final class VerificationReport {
    private VerificationReport() {}

    public static void main(String[] args) throws CommandLineOptionException, RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(args))
                        .include(VerificationBenchmark.class.getName())
                        .build())
                .run();
        System.out.println();
        System.out.println("| provider | algorithm | raw checks/s | verifications/s | ratio |");
        System.out.println("| --- | --- | --- | --- | --- |");
        results.forEach(VerificationReport::print);
    }

    private static void print(RunResult result) {
        List<Double> raw = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        List<Double> ratio = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                // pairs per microsecond, and nanoseconds per microsecond spent on each half of the pairs
                double pairs = iteration.getPrimaryResult().getScore() * VerificationBenchmark.IN_A_ROW;
                double rawNanos = score(iteration, "rawNanos") / pairs;
                double wholeNanos = score(iteration, "wholeNanos") / pairs;
                raw.add(1e9 / rawNanos);
                whole.add(1e9 / wholeNanos);
                ratio.add(rawNanos / wholeNanos);
            }
        }
        System.out.printf(
                "| %s | %s | %s | %s | %s |%n",
                result.getParams().getParam("provider"),
                result.getParams().getParam("algorithm"),
                spread(raw, "%.0f"),
                spread(whole, "%.0f"),
                spread(ratio, "%.2f"));
    }

    private static double score(IterationResult iteration, String counter) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(counter))
                .getScore();
    }

    /** The median, and the least and the greatest in brackets. */
    private static String spread(List<Double> values, String format) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return (format + " (" + format + "–" + format + ")").formatted(median, sorted.getFirst(), sorted.getLast());
    }
}

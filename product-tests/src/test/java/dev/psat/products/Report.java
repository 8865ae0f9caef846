package dev.psat.products;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes a file that says of each class how many tests ran, and what was skipped and why.
 */
public final class Report implements TestExecutionListener {

	private final Map<String, Integer> ran = new ConcurrentSkipListMap<>();

	private final Map<String, String> skipped = new ConcurrentSkipListMap<>();

	@Override
	public void executionSkipped(TestIdentifier test, String reason) {
		this.skipped.put(name(test), reason);
	}

	@Override
	public void executionFinished(TestIdentifier test, TestExecutionResult result) {
		if (result.getStatus() == Status.ABORTED) {
			this.skipped.put(name(test),
					result.getThrowable()
						.map(Throwable::getMessage)
						.orElse("no reason")
						.replaceFirst("^Assumption failed: ", ""));
		}
		else if (test.isTest()) {
			this.ran.merge(test.getSource().map(Report::className).orElse("?"), 1, Integer::sum);
		}
	}

	private static String name(TestIdentifier test) {
		String className = test.getSource().map(Report::className).orElse("?");
		return test.isTest() ? className + "." + test.getDisplayName() : className;
	}

	private static String className(Object source) {
		String name = (source instanceof MethodSource method) ? method.getClassName()
				: (source instanceof ClassSource type) ? type.getClassName() : source.toString();
		return name.substring(name.lastIndexOf('.') + 1);
	}

	@Override
	public void testPlanExecutionFinished(TestPlan plan) {
		StringBuilder text = new StringBuilder();
		this.ran
			.forEach((name, tests) -> text.append("ran: ").append(name).append(", ").append(tests).append(" tests\n"));
		this.skipped
			.forEach((name, reason) -> text.append("skipped: ").append(name).append(": ").append(reason).append('\n'));
		String file = System.getProperty("products.report");
		if (file != null) {
			try {
				Files.writeString(Path.of(file), text);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}

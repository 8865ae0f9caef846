package dev.psat.benchmarks.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import javax.management.JMException;
import javax.management.ObjectName;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.token.TokenSource;
import dev.psat.token.WatchMode;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Opens contexts, rests for as long as requested, and reports what that has cost.
 */
final class IdleProcess {

	/** The prefix of lines that are not part of the log. */
	static final String ANSWER = "idle: ";

	private static final Duration SETTLING = Duration.ofSeconds(10);

	/**
	 * Others of ours only live for a while, and were not all there at both ends of it.
	 */
	private static final String OURS = "psat-token-watch";

	private static final String JDKS = "FileSystemWatch";

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private IdleProcess() {
	}

	public static void main(String[] args) throws Exception {
		IdleProcess process = new IdleProcess();
		for (int context = 0; context < Integer.parseInt(args[0]); context++) {
			process.contexts.add((args.length > 1) ? withStarter(args[1]) : withoutStarter());
		}
		Thread.sleep(SETTLING.toMillis());
		System.out.println(ANSWER + "ready");
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String time = input.readLine();
		if (time != null) {
			System.out.println(ANSWER + process.rest(Duration.parse(time)));
		}
		System.exit(0);
	}

	private String rest(Duration time) throws Exception {
		long watchCpu = cpu(OURS);
		long jdkCpu = cpu(JDKS);
		long processCpu = this.system.getProcessCpuTime();
		Thread.sleep(time.toMillis());
		watchCpu = cpu(OURS) - watchCpu;
		jdkCpu = cpu(JDKS) - jdkCpu;
		processCpu = this.system.getProcessCpuTime() - processCpu;
		List<String> descriptors = Inotify.descriptors();
		// as Figure has them
		return LongStream
			.of(watchCpu, jdkCpu, processCpu, threads(OURS).size(), threads(JDKS).size(), heap(),
					descriptors.stream().filter((target) -> target.contains("inotify")).count(), descriptors.size(),
					polling())
			.mapToObj(Long::toString)
			.collect(Collectors.joining(" "));
	}

	private long cpu(String prefix) {
		return threads(prefix).stream()
			.mapToLong((thread) -> this.threads.getThreadCpuTime(thread.getThreadId()))
			.sum();
	}

	private List<ThreadInfo> threads(String prefix) {
		return Arrays.stream(this.threads.getThreadInfo(this.threads.getAllThreadIds()))
			.filter((thread) -> thread != null && thread.getThreadName().startsWith(prefix))
			.toList();
	}

	/**
	 * Reads the last line of a histogram of live objects, which triggers a collection
	 * first.
	 */
	private static long heap() throws JMException {
		String histogram = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		String[] total = histogram.strip().split("\\s+");
		return Long.parseLong(total[total.length - 1]);
	}

	private long polling() {
		return this.contexts.stream()
			.flatMap((context) -> context.getBeanProvider(TokenSource.class).stream())
			.filter((source) -> Objects.requireNonNull(source.status().watch()).mode() != WatchMode.EVENTS)
			.count();
	}

	private static ConfigurableApplicationContext withStarter(String token) throws IOException {
		return application(WithStarter.class, "spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + token);
	}

	private static ConfigurableApplicationContext withoutStarter() {
		return application(WithoutStarter.class);
	}

	private static ConfigurableApplicationContext application(Class<?> source, String... properties) {
		return new SpringApplicationBuilder(source).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.properties(properties)
			.run();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithStarter {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = PsatAutoConfiguration.class)
	static class WithoutStarter {

	}

}

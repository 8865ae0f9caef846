package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Measures what many clients ask of one server: when all of them start, while they have
 * nothing to do, and when the server comes back to clients that wait for it. The server
 * counts.
 */
public final class LoadBenchmark implements Benchmark {

	@Override
	public Report run(List<String> arguments) throws Exception {
		Scale scale = Scale.of(arguments);
		LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.psat", LogLevel.OFF);
		// else this machine, which all share, is what they wait for
		Site.warmUp(scale.clients(), scale.longestWait());
		try (Site site = Site.of(scale.clients()); Site later = Site.of(scale.clients())) {
			Episode start = start(site, scale);
			Episode idle = idle(site, scale);
			later.server().stop();
			site.server().stop();
			later.start();
			Thread.sleep(scale.away().toMillis());
			long ready = site.count(LoadBenchmark::isReady);
			Instant back = Instant.now();
			Episode inForce = comeBack("back to clients with SVIDs", site, scale, (status) -> isServed(status, back));
			Episode waiting = comeBack("back to clients without", later, scale, LoadBenchmark::isReady);
			return new LoadReport(scale, start, idle, inForce, waiting).report(ready);
		}
	}

	private static Episode start(Site site, Scale scale) throws InterruptedException {
		try (Recorder recorder = site.record()) {
			site.start();
			List<Duration> served = site.await(LoadBenchmark::isReady, scale.longestWait());
			return new Episode("start of all", site.clients(), recorder.stop(), served);
		}
	}

	private static Episode idle(Site site, Scale scale) throws InterruptedException {
		try (Recorder recorder = site.record()) {
			Thread.sleep(scale.idle().toMillis());
			return new Episode("idle", site.clients(), recorder.stop(), List.of());
		}
	}

	private static Episode comeBack(String name, Site site, Scale scale, Predicate<SpireStatus> isServed)
			throws InterruptedException {
		try (Recorder recorder = site.record()) {
			long began = System.nanoTime();
			site.server().restart();
			List<Duration> served = site.await(isServed, scale.longestWait());
			// a second wave would come with the next visits
			Duration left = scale.watch().minusNanos(System.nanoTime() - began);
			Thread.sleep(Math.max(0, left.toMillis()));
			return new Episode(name, site.clients(), recorder.stop(), served);
		}
	}

	private static boolean isReady(SpireStatus status) {
		return status.state() == SpireState.READY;
	}

	/**
	 * Return whether the server has told the trust bundle since then, and nothing was
	 * left undone.
	 */
	private static boolean isServed(SpireStatus status, Instant since) {
		SpireStatus.Bundle bundle = status.trustBundle();
		Instant refreshedAt = (bundle != null) ? bundle.refreshedAt() : null;
		return isReady(status) && status.lastError() == null && refreshedAt != null && refreshedAt.isAfter(since);
	}

}

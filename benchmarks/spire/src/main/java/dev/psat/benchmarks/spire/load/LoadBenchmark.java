package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.WorkDirectory;
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
		try (WorkDirectory work = WorkDirectory.create()) {
			// else this machine, which all share, is what they wait for
			Site.warmUp(work.path().resolve("warm-up"), scale.clients(), scale.longestWait());
			try (Site site = Site.of(work.path().resolve("site"), scale.clients());
					Site later = Site.of(work.path().resolve("later"), scale.clients())) {
				return run(scale, site, later);
			}
		}
	}

	/**
	 * One server is away while the other one comes back, since this takes long enough.
	 */
	private static Report run(Scale scale, Site site, Site later) throws InterruptedException {
		Episode start = start(site, scale);
		Episode idle = idle(site, scale);
		later.server().stop();
		long laterLeft = System.nanoTime();
		later.start();
		List<Episode> returns = new ArrayList<>();
		for (int i = 0; i < scale.returns(); i++) {
			site.server().stop();
			Thread.sleep(scale.shortlyAway().toMillis());
			returns.add(comeBackInForce("back to clients with SVIDs, soon", site, scale));
		}
		site.server().stop();
		long left = System.nanoTime();
		sleep(laterLeft, scale.away());
		Episode waiting = comeBack("back to clients without", later, scale, LoadBenchmark::isReady);
		sleep(left, scale.away());
		long ready = site.count(LoadBenchmark::isReady);
		Episode inForce = comeBackInForce("back to clients with SVIDs", site, scale);
		return new LoadReport(scale, start, idle, returns, inForce, waiting).report(ready);
	}

	private static Episode start(Site site, Scale scale) throws InterruptedException {
		try (Recorder recorder = site.record()) {
			long began = System.nanoTime();
			site.start();
			List<Duration> served = site.await(LoadBenchmark::isReady, began, scale.longestWait());
			return new Episode("start", site.clients(), recorder.stop(), served);
		}
	}

	private static Episode idle(Site site, Scale scale) throws InterruptedException {
		try (Recorder recorder = site.record()) {
			Thread.sleep(scale.idle().toMillis());
			return new Episode("idle", site.clients(), recorder.stop(), List.of());
		}
	}

	private static Episode comeBackInForce(String name, Site site, Scale scale) throws InterruptedException {
		Instant back = Instant.now();
		return comeBack(name, site, scale, (status) -> isServed(status, back));
	}

	private static Episode comeBack(String name, Site site, Scale scale, Predicate<SpireStatus> isServed)
			throws InterruptedException {
		try (Recorder recorder = site.record()) {
			long began = System.nanoTime();
			site.server().restart();
			List<Duration> served = site.await(isServed, began, scale.longestWait());
			// a second wave would come with the next visits
			sleep(began, scale.watch());
			return new Episode(name, site.clients(), recorder.stop(), served);
		}
	}

	private static void sleep(long began, Duration time) throws InterruptedException {
		Thread.sleep(Math.max(0, time.minusNanos(System.nanoTime() - began).toMillis()));
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

package dev.psat.products;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;

import org.springframework.boot.test.system.CapturedOutput;

import static org.awaitility.Awaitility.await;

/**
 * Applications that begin to connect, or to wait, before they can have an X.509-SVID.
 */
public final class LateIdentity {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private LateIdentity() {
	}

	/**
	 * Run an application whose log shows that it has no X.509-SVID yet.
	 * @param world the world around it, whose SPIRE Server is away at first
	 * @param start runs the application
	 * @param output what the test has logged
	 * @return the application, which has an X.509-SVID
	 */
	public static TlsApplication run(TlsWorld world, Supplier<TlsApplication> start, CapturedOutput output)
			throws Exception {
		return run(world, start, () -> output.getAll().contains("There is no X.509-SVID to connect with")
				|| output.getAll().contains("for the first X.509-SVID, since"));
	}

	/**
	 * Run an application.
	 * @param world the world around it, whose SPIRE Server is away at first
	 * @param start runs the application
	 * @param begun returns whether the application has missed its X.509-SVID
	 * @return the application, which has an X.509-SVID
	 */
	public static TlsApplication run(TlsWorld world, Supplier<TlsApplication> start, Callable<Boolean> begun)
			throws Exception {
		world.server().stop();
		CompletableFuture<TlsApplication> application = CompletableFuture.supplyAsync(start);
		await().failFast("The application has started, or failed", application::isDone).until(begun);
		world.server().restart();
		return application.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

}

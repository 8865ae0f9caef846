package dev.psat.benchmarks.notice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.kubernetes.client.util.credentials.TokenFileAuthentication;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Sends a request of the Kubernetes client every ten milliseconds. Requests end before
 * they reach the network, where the token that they carry is inspected.
 */
final class KubernetesRequests implements AutoCloseable {

	static final long INTERVAL_MILLIS = 10;

	private static final String BEARER = "Bearer ";

	private final Request request = new Request.Builder().url("https://kubernetes.default.svc/").build();

	private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

	private final OkHttpClient client;

	private final Sightings sightings;

	KubernetesRequests(Path token, Sightings sightings) {
		this.client = new OkHttpClient.Builder().addInterceptor(new TokenFileAuthentication(token.toString()))
			.addInterceptor(this::answer)
			.build();
		this.sightings = sightings;
		this.thread.scheduleWithFixedDelay(this::call, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

	private void call() {
		try {
			this.client.newCall(this.request).execute().close();
		}
		catch (IOException | RuntimeException ex) {
			// the next request tries again, as a caller does
		}
	}

	private Response answer(Interceptor.Chain chain) {
		String header = chain.request().header("Authorization");
		if (header != null && header.startsWith(BEARER)) {
			this.sightings.see(header.substring(BEARER.length()));
		}
		return new Response.Builder().request(chain.request())
			.protocol(Protocol.HTTP_1_1)
			.code(200)
			.message("OK")
			.build();
	}

}

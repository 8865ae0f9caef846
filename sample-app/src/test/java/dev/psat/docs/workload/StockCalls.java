package dev.psat.docs.workload;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

// tag::plain[]
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.workload.WorkloadIdentity;
import dev.psat.spire.workload.client.WorkloadEndpoint;
// end::plain[]

// tag::plain[]
record StockCalls(SpireIdentity identity, HttpClient client) implements AutoCloseable {

	static StockCalls start(WorkloadEndpoint endpoint) {
		SpireIdentity identity = WorkloadIdentity.builder().endpoint(endpoint).build();
		identity.start();
		SpiffeSslBundle bundle = SpiffeSslBundle.of(identity)
			.authorizing((peer) -> peer.path().equals("/ns/shop/sa/inventory"));
		return new StockCalls(identity, HttpClient.newBuilder().sslContext(bundle.createSslContext()).build());
	}

	String stock(URI uri) throws IOException, InterruptedException {
		// waits for the first X.509-SVID, too, without which the call would fail
		String token = this.identity.jwtSvid("inventory").token();
		HttpRequest request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
		return this.client.send(request, BodyHandlers.ofString()).body();
	}

	@Override
	public void close() {
		this.identity.close();
	}

}
// end::plain[]

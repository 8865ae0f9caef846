package dev.psat.docs.plain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
// tag::program[]
import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireTls;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.token.TokenSource;
// end::program[]

// tag::program[]
public final class Inventory {

	public static void main(String[] args) throws Exception {
		try (TokenSource tokens = TokenSource.builder(Path.of(args[0])).audience("spire-server").build();
				SpireIdentity identity = SpireServerIdentity
					.builder(PsatAttestor.of("demo", tokens, List.of("spire-server")))
					.tokenSource(tokens)
					.server(ServerAddress.parse(args[1]))
					.trustDomain(TrustDomain.of("example.org"))
					.trustBundle(Path.of(args[2]))
					.build()) {
			tokens.start();
			run(identity);
		}
	}

	static void run(SpireIdentity identity) throws Exception {
		identity.start();
		SpireTls tls = SpireTls.of(identity).authorizing((peer) -> peer.path().equals("/ns/shop/sa/inventory"));
		HttpsServer server = serve(tls.sslContext());
		try {
			URI uri = URI.create("https://localhost:" + server.getAddress().getPort());
			// also waits for the first X.509-SVID, without which the call would fail
			String token = identity.jwtSvid("inventory").token();
			System.out.println(call(tls.sslContext(), uri, token));
		}
		finally {
			server.stop(0);
		}
	}

	private static HttpsServer serve(SSLContext context) throws IOException {
		HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(context) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters required = context.getDefaultSSLParameters();
				required.setNeedClientAuth(true);
				parameters.setSSLParameters(required);
			}

		});
		server.createContext("/", (exchange) -> {
			exchange.sendResponseHeaders(exchange.getRequestHeaders().containsKey("Authorization") ? 204 : 401, -1);
			exchange.close();
		});
		server.start();
		return server;
	}

	private static int call(SSLContext context, URI uri, String token) throws Exception {
		HttpClient client = HttpClient.newBuilder().sslContext(context).build();
		HttpRequest request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
		return client.send(request, BodyHandlers.discarding()).statusCode();
	}

}
// end::program[]

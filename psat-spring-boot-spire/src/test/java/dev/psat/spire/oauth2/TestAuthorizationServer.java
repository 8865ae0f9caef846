package dev.psat.spire.oauth2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.psat.spiffe.JwtAuthority;
import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * An authorization server that authenticates clients as the draft on SPIFFE client
 * authentication says, and by {@code client_secret_basic}.
 */
final class TestAuthorizationServer implements AutoCloseable {

	static final String CLIENT = "orders";

	static final String SECRET = "open-sesame";

	static final String CODE = "code-1";

	private static final String JWT_SPIFFE = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe";

	private static final Set<String> GRANTS = Set.of("client_credentials", "refresh_token", "authorization_code");

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final Supplier<List<JwtAuthority>> authorities;

	private final String spiffeId;

	private final List<MultiValueMap<String, String>> forms = new CopyOnWriteArrayList<>();

	private final List<String> others = new CopyOnWriteArrayList<>();

	private volatile @Nullable Answer instead;

	/**
	 * Create a server that listens.
	 * @param spiffeId the SPIFFE ID of the client
	 * @param authorities supplies the keys of its trust domain
	 */
	TestAuthorizationServer(String spiffeId, Supplier<List<JwtAuthority>> authorities) {
		this.spiffeId = spiffeId;
		this.authorities = authorities;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/realm/token", this::token);
		this.server.createContext("/realm/.well-known/openid-configuration", this::configuration);
		this.server.createContext("/elsewhere", this::elsewhere);
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	String issuer() {
		return "http://127.0.0.1:%d/realm".formatted(this.server.getAddress().getPort());
	}

	String tokenUri() {
		return issuer() + "/token";
	}

	/**
	 * Return the token requests so far.
	 */
	List<MultiValueMap<String, String>> forms() {
		return this.forms;
	}

	/**
	 * Return the bodies of what went elsewhere.
	 */
	List<String> others() {
		return this.others;
	}

	/**
	 * Give another answer to token requests from now on.
	 */
	void answer(@Nullable Answer instead) {
		this.instead = instead;
	}

	void redirect(int status) {
		answer((exchange) -> {
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			exchange.sendResponseHeaders(status, -1);
			exchange.close();
		});
	}

	private void elsewhere(HttpExchange exchange) throws IOException {
		this.others.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
		respond(exchange, 200, "{}");
	}

	private void configuration(HttpExchange exchange) throws IOException {
		respond(exchange, 200, """
				{"issuer":"%1$s","token_endpoint":"%1$s/token","authorization_endpoint":"%1$s/authorize",
				"jwks_uri":"%1$s/keys","subject_types_supported":["public"],"response_types_supported":["code"],
				"id_token_signing_alg_values_supported":["RS256"],
				"token_endpoint_auth_methods_supported":["spiffe_jwt"]}""".formatted(issuer()));
	}

	private void token(HttpExchange exchange) throws IOException {
		String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		MultiValueMap<String, String> form = form(body);
		this.forms.add(form);
		Answer instead = this.instead;
		if (instead != null) {
			instead.to(exchange);
			return;
		}
		String refusal = refusal(exchange, form);
		if (refusal != null) {
			respond(exchange, 401, "{\"error\":\"invalid_client\",\"error_description\":\"%s\"}".formatted(refusal));
		}
		else if (!GRANTS.contains(String.valueOf(form.getFirst("grant_type")))) {
			respond(exchange, 400, "{\"error\":\"unsupported_grant_type\"}");
		}
		else {
			respond(exchange, 200, """
					{"access_token":"%s-%d","token_type":"Bearer","expires_in":30,"refresh_token":"refresh-1"}"""
				.formatted(form.getFirst("grant_type"), this.forms.size()));
		}
	}

	private @Nullable String refusal(HttpExchange exchange, MultiValueMap<String, String> form) {
		String basic = "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes());
		String authorization = exchange.getRequestHeaders().getFirst("Authorization");
		if (authorization != null) {
			return authorization.equals(basic) && !form.containsKey("client_assertion") ? null : "not the secret";
		}
		if (!List.of(CLIENT).equals(form.get("client_id"))) {
			return "client_id";
		}
		if (!List.of(JWT_SPIFFE).equals(form.get("client_assertion_type"))) {
			return "client_assertion_type";
		}
		List<String> assertions = form.getOrDefault("client_assertion", List.of());
		if (assertions.size() != 1) {
			return "client_assertion";
		}
		try {
			return refusal(SignedJWT.parse(assertions.get(0)));
		}
		catch (ParseException | JOSEException ex) {
			return "not a JWT";
		}
	}

	private @Nullable String refusal(SignedJWT assertion) throws JOSEException, ParseException {
		JwtAuthority authority = this.authorities.get()
			.stream()
			.filter((candidate) -> candidate.keyId().equals(assertion.getHeader().getKeyID()))
			.findFirst()
			.orElse(null);
		if (authority == null || !isSignedBy(authority.publicKey(), assertion)) {
			return "signature";
		}
		JWTClaimsSet claims = assertion.getJWTClaimsSet();
		if (!this.spiffeId.equals(claims.getSubject())) {
			return "sub";
		}
		if (!List.of(issuer()).equals(claims.getAudience())) {
			return "aud";
		}
		return claims.getExpirationTime().toInstant().isAfter(Instant.now()) ? null : "exp";
	}

	private static boolean isSignedBy(PublicKey key, SignedJWT assertion) throws JOSEException {
		return assertion.verify(new DefaultJWSVerifierFactory().createJWSVerifier(assertion.getHeader(), key));
	}

	private static MultiValueMap<String, String> form(String body) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		for (String pair : body.split("&")) {
			String[] parts = pair.split("=", 2);
			form.add(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
					URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
		}
		return form;
	}

	static void respond(HttpExchange exchange, int status, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	/**
	 * Return the properties of a registration, with the provider of this server.
	 */
	String[] registration(String id, String grant, String method, String... more) {
		String registration = "spring.security.oauth2.client.registration.%s.".formatted(id);
		return Stream.concat(Stream.of(registration + "client-id=" + CLIENT, registration + "provider=as",
				registration + "authorization-grant-type=" + grant,
				registration + "client-authentication-method=" + method), Stream.of(more))
			.toArray(String[]::new);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * Answers a request.
	 */
	interface Answer {

		void to(HttpExchange exchange) throws IOException;

	}

}

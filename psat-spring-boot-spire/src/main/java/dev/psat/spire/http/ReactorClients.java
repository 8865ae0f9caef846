package dev.psat.spire.http;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import dev.psat.spire.netty.internal.NettyClientContext;
import dev.psat.spire.ssl.SvidSslBundle;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

/**
 * Spring Boot configures clients with the managers of the bundle, with which sessions
 * would outlive the SVID and the decision on the server. Their customizers do not see the
 * bundle, so a builder is wrapped.
 */
final class ReactorClients {

	private ReactorClients() {
	}

	static ClientHttpRequestFactoryBuilder<ReactorClientHttpRequestFactory> wrap(
			ReactorClientHttpRequestFactoryBuilder builder) {
		return (settings) -> (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle)
				? prepare(builder, bundle).build(settings) : builder.build(settings);
	}

	static ClientHttpConnectorBuilder<ReactorClientHttpConnector> wrap(ReactorClientHttpConnectorBuilder builder) {
		return (settings) -> (settings != null && settings.sslBundle() instanceof SvidSslBundle bundle)
				? prepare(builder, bundle).build(settings) : builder.build(settings);
	}

	static ReactorClientHttpRequestFactoryBuilder prepare(ReactorClientHttpRequestFactoryBuilder builder,
			SvidSslBundle bundle) {
		return builder.withHttpClientCustomizer((client) -> secure(client, bundle));
	}

	static ReactorClientHttpConnectorBuilder prepare(ReactorClientHttpConnectorBuilder builder, SvidSslBundle bundle) {
		return builder.withHttpClientCustomizer((client) -> secure(client, bundle));
	}

	private static HttpClient secure(HttpClient client, SvidSslBundle bundle) {
		NettyClientContext context = NettyClientContext.of(bundle, protocols(client.configuration()),
				ReactorChannelUse.INSTANCE);
		return guard(client).secure((spec) -> spec.sslContext(context));
	}

	private static ApplicationProtocolConfig protocols(HttpClientConfig config) {
		List<String> names = Stream.of(config.protocols()).flatMap((protocol) -> switch (protocol) {
			case H2 -> Stream.of(ApplicationProtocolNames.HTTP_2);
			case HTTP11 -> Stream.of(ApplicationProtocolNames.HTTP_1_1);
			default -> Stream.empty();
		}).toList();
		return names.contains(ApplicationProtocolNames.HTTP_2) ? new ApplicationProtocolConfig(Protocol.ALPN,
				SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, names)
				: ApplicationProtocolConfig.DISABLED;
	}

	private static HttpClient guard(HttpClient client) {
		HttpClientConfig config = client.configuration();
		BiPredicate<HttpClientRequest, HttpClientResponse> follows = config.followRedirectPredicate();
		if (follows == null) {
			return client;
		}
		BiPredicate<HttpClientRequest, HttpClientResponse> guarded = follows
			.and((request, response) -> !leavesHttps(response));
		BiConsumer<HttpHeaders, HttpClientRequest> headers = config.redirectRequestBiConsumer();
		return (headers != null) ? client.followRedirect(guarded, headers)
				: client.followRedirect(guarded, config.redirectRequestConsumer());
	}

	private static boolean leavesHttps(HttpClientResponse response) {
		String url = response.resourceUrl();
		String scheme = (url != null && url.startsWith("http:")) ? "http" : "https";
		return response.responseHeaders()
			.getAll(HttpHeaderNames.LOCATION)
			.stream()
			.anyMatch((location) -> Redirects.leaveHttps(scheme, location));
	}

}

package dev.psat.spire.oauth2;

import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/**
 * {@link EchoedAssertionContract} for {@link ReactiveTokenEndpoint}.
 */
class ReactiveEchoedAssertionTests extends EchoedAssertionContract {

	private final ReactiveTokenEndpoint endpoint = new ReactiveTokenEndpoint();

	@Override
	void ask(String uri, MultiValueMap<String, String> form) {
		this.endpoint.ask(uri, new HttpHeaders(), form).block();
	}

}

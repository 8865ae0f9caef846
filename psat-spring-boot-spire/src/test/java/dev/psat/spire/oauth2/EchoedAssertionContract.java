package dev.psat.spire.oauth2;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * An authorization server that echoes what it got finds no way into an exception, and so
 * onto a login page or into a log.
 */
abstract class EchoedAssertionContract {

	private static final String SIGNATURE = "a-Z_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY-_-_0123456789abcdefg";

	private static final String TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzcGlmZmU6Ly9leGFtcGxlLm9yZyJ9." + SIGNATURE;

	@AutoClose
	private final EchoServer server = new EchoServer();

	/**
	 * Send a request that fails.
	 */
	abstract void ask(String uri, MultiValueMap<String, String> form);

	@ParameterizedTest
	@EnumSource
	void assertionIsNowhereInTheFailure(Disguise disguise) {
		List<String> rows = Stream.of(Disguise.values())
			.flatMap((shown) -> shown.rows(SIGNATURE).stream())
			.flatMap((row) -> Stream.of(row, row.replace("\\", ""), parsed(row)))
			.distinct()
			.toList();
		for (Echo echo : Echo.values()) {
			for (String echoed : List.of(TOKEN, SIGNATURE.substring(40, 56))) {
				String said = said(catchThrowable(() -> ask(echo.answer(disguise.of(echoed)))));
				assertThat(rows.stream().filter(said::contains)).as("%s of %s: %s", echo, echoed, said).isEmpty();
			}
		}
	}

	private static String parsed(String row) {
		return JsonMapper.shared().readValue('"' + row + '"', String.class);
	}

	/**
	 * Return what a handler, a page or a log may print of an answer.
	 */
	private static String said(@Nullable Throwable failure) {
		StringWriter said = new StringWriter();
		if (failure == null) {
			return "";
		}
		PrintWriter writer = new PrintWriter(said);
		failure.printStackTrace(writer);
		if (failure instanceof OAuth2AuthorizationException refusal) {
			OAuth2Error error = refusal.getError();
			writer.println(error.getErrorCode() + " " + error.getDescription() + " " + error.getUri());
		}
		// stack traces hold names of ours alone
		return said.toString()
			.lines()
			.filter((line) -> !line.strip().startsWith("at "))
			.collect(Collectors.joining("\n"));
	}

	@Test
	void answerIsNoCause() {
		for (Echo echo : Echo.values()) {
			for (Throwable cause = catchThrowable(() -> ask(echo.answer("something"))); cause != null; cause = cause
				.getCause()) {
				assertThat(cause).as(echo.name())
					.isNotInstanceOfAny(RestClientResponseException.class, WebClientResponseException.class);
			}
		}
	}

	@Test
	void restOfARefusalStays() {
		assertThatExceptionOfType(OAuth2AuthorizationException.class)
			.isThrownBy(() -> ask(Echo.DESCRIPTION.answer("about " + TOKEN)))
			.satisfies((ex) -> assertThat(ex.getError().getErrorCode()).isEqualTo("invalid_client"))
			.withMessage("[invalid_client] The answer of the token endpoint repeats the JWT-SVID, so it is not shown")
			.withNoCause();
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> ask(Echo.URI.answer(TOKEN)))
			.satisfies((ex) -> assertThat(ex.getError().getUri()).isNull())
			.withMessage("[invalid_client] refused");
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> ask(Echo.CODE.answer(TOKEN)))
			.withMessage("[invalid_token_response] refused");
	}

	@Test
	void refusalThatRepeatsNothingStays() {
		String almost = TOKEN.substring(0, TOKEN.length() - SIGNATURE.length() + 15);
		assertThatExceptionOfType(OAuth2AuthorizationException.class)
			.isThrownBy(() -> ask(Echo.DESCRIPTION.answer(almost)))
			.withMessage("[invalid_client] " + almost);
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> ask(Echo.URI.answer("more")))
			.satisfies((ex) -> assertThat(ex.getError().getUri()).isEqualTo("https://as.example.org/more"));
	}

	private void ask(String answer) {
		this.server.answer(answer);
		ask(this.server.tokenUri(), form());
	}

	private static MultiValueMap<String, String> form() {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		form.set("client_assertion", TOKEN);
		return form;
	}

}

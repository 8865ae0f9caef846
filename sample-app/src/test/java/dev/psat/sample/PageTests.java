package dev.psat.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page as it is written.
 */
class PageTests {

	private String page = "";

	@BeforeEach
	void read() throws IOException {
		this.page = new ClassPathResource("static/index.html").getContentAsString(StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "style", "script" })
	void policyAllowsWhatThePageCarries(String element) throws NoSuchAlgorithmException {
		Matcher inline = Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL).matcher(this.page);
		assertThat(inline.find()).isTrue();
		byte[] hash = MessageDigest.getInstance("SHA-256").digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
		assertThat(this.page).as("after an edit, the policy at the top needs the new hash")
			.contains(element + "-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
		assertThat(inline.find()).as("another inline " + element).isFalse();
	}

	@ParameterizedTest
	@EnumSource(FederationState.class)
	void everyStateOfATrustDomainHasAMeaning(FederationState state) {
		assertThat(this.page).containsPattern("\\b" + state + ": \\['(good|bad|idle)', '");
	}

	@ParameterizedTest
	@EnumSource(SpireState.class)
	void everyStateOfTheIdentityHasAMeaning(SpireState state) {
		assertThat(this.page).containsPattern("\\b" + state + ": \\['(good|warn|bad|idle)', '");
	}

	@Test
	void nothingComesFromElsewhere() {
		assertThat(this.page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("://", "src=\"", "@import");
	}

	@Test
	void dataIsNeverTakenForMarkup() {
		assertThat(this.page).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
	}

}

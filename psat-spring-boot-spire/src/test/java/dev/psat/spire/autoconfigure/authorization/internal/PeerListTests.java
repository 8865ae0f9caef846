package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PeerList}.
 */
class PeerListTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final ItemRules RULES = new ItemRules(TrustDomain.of("example.org"),
			Set.of(TrustDomain.of("partner.org")));

	@Test
	void eachLineIsAnItemButForBlankOnesAndComments() {
		PeerList list = parse("""
				# who calls us

				  spiffe://example.org/ns/shop/sa/orders  # the shop
				spiffe://example.org/ns/pay/*
				\tspiffe://partner.org/bank
				spiffe://example.org/ns/shop/sa/orders
				#spiffe://example.org/ns/shop/sa/mailer
				""");
		assertThat(list.items()).containsExactly(ORDERS, "spiffe://example.org/ns/pay/*", "spiffe://partner.org/bank");
		assertThat(list.size()).isEqualTo(3);
		assertThat(list.contains(SpiffeId.parse(ORDERS))).isTrue();
		assertThat(list.contains(SpiffeId.parse("spiffe://example.org/ns/pay/sa/bank"))).isTrue();
		assertThat(list.contains(SpiffeId.parse("spiffe://example.org/ns/pay"))).isFalse();
		assertThat(list.contains(SpiffeId.parse("spiffe://partner.org/bank"))).isTrue();
		assertThat(list.contains(SpiffeId.parse("spiffe://partner.org/ns/pay/sa/bank"))).isFalse();
		assertThat(list.contains(SpiffeId.parse("spiffe://example.org/ns/shop/sa/mailer"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uFEFF" + ORDERS, ORDERS + "\r\n", "\r\n" + ORDERS + "\r\n\r\n# end", ORDERS + "\r",
			"# caf\u00e9\n" + ORDERS, "\uFEFF# first\n" + ORDERS + "#no blank" })
	void listMayComeFromAnyEditor(String content) {
		assertThat(parse(content).items()).containsExactly(ORDERS);
	}

	@Test
	void itemsThatStandForNobodyAreThoseThatMatchNone() {
		PeerList list = parse(
				ORDERS + "\nspiffe://example.org/ns/pay/*\nspiffe://example.org/ns/*\nspiffe://partner.org/bank");
		assertThat(list.unmatched(List.of())).containsExactlyElementsOf(list.items());
		assertThat(list.unmatched(List.of(SpiffeId.parse(ORDERS), SpiffeId.parse("spiffe://example.org/bank"))))
			.containsExactly("spiffe://example.org/ns/pay/*", "spiffe://partner.org/bank");
	}

	@Test
	void commentInAnotherEncodingHarmsNothing() {
		byte[] content = ("# caf\u00e9\n" + ORDERS).getBytes(StandardCharsets.ISO_8859_1);
		assertThat(PeerList.parse(content, RULES).items()).containsExactly(ORDERS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "# nobody", "\uFEFF", "  \r\n\t" })
	void listWithoutItemsIsEmpty(String content) {
		assertThat(parse(content).isEmpty()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			spiffe://example.org            | names a whole trust domain
			spiffe://example.org/*          | names a whole trust domain
			spiffe://example.org/*/a        | '*' may only be the whole last segment
			spiffe://example.org/a*         | '*' may only be the whole last segment
			spiffe://example.org/spire/*    | is under '/spire'
			spiffe://example.com/bank       | and 'spire.federates-with' does not list 'example.com'
			spiffe://example.org/a b        | may only contain
			spiffe://example.org/a, spiffe://example.org/b | may only contain
			spiffe://Example.org/a          | trust domain is not valid
			SPIFFE://example.org/a          | does not begin with 'spiffe://'
			- spiffe://example.org/a        | does not begin with 'spiffe://'
			orders                          | does not begin with 'spiffe://'
			*                               | does not begin with 'spiffe://'
			""")
	void badItemIsToldWithItsLine(String item, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> parse("# first\n" + ORDERS + "\n" + item + "\n"))
			.withMessageStartingWith("line 3")
			.withMessageContaining(reason);
	}

	@Test
	void nothingIsQuotedOfWhatMayBeASecret() {
		assertThatIllegalArgumentException().isThrownBy(() -> parse("eyJhbGciOiJSUzI1NiJ9.e30.c2VjcmV0"))
			.withMessageNotContaining("eyJ");
		assertThatIllegalArgumentException().isThrownBy(() -> parse("-----BEGIN PRIVATE KEY-----\nc2VjcmV0"))
			.withMessageNotContaining("PRIVATE")
			.withMessageNotContaining("c2Vj");
		assertThatIllegalArgumentException().isThrownBy(() -> parse("spiffe://example.org/" + "x y".repeat(100_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(600));
	}

	@Test
	void listOfAnUnknownTrustDomainTakesAnyOther() {
		ItemRules rules = new ItemRules(null, Set.of());
		assertThat(PeerList.parse("spiffe://any.org/a".getBytes(StandardCharsets.UTF_8), rules).items())
			.containsExactly("spiffe://any.org/a");
	}

	@Test
	void plainIdIsFoundAmongMany() {
		PeerList list = parse(IntStream.range(0, 20_000)
			.mapToObj("spiffe://example.org/ns/shop/sa/%d"::formatted)
			.collect(Collectors.joining("\n")));
		assertThat(list.size()).isEqualTo(20_000);
		assertThat(list.contains(SpiffeId.parse("spiffe://example.org/ns/shop/sa/19999"))).isTrue();
		assertThat(list.contains(SpiffeId.parse("spiffe://example.org/ns/shop/sa/20000"))).isFalse();
	}

	private static PeerList parse(String content) {
		return PeerList.parse(content.getBytes(StandardCharsets.UTF_8), RULES);
	}

}

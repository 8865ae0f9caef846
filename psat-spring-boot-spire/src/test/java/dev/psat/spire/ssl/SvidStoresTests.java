package dev.psat.spire.ssl;

import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.psat.spiffe.SvidMint.Minted;
import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import dev.psat.spire.tls.internal.MutableIdentity;
import dev.psat.support.Patience;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidStores}.
 */
class SvidStoresTests {

	private static final SvidMint ROOT = new SvidMint("root");

	private static final String ORDERS = "spiffe://example.org/orders";

	private final MutableIdentity identity = new MutableIdentity();

	private final SvidStores stores = new SvidStores(this.identity);

	@Test
	void storesAreEmptyBeforeThereIsAnything() throws Exception {
		assertThat(this.stores.getKeyStore().size()).isZero();
		assertThat(this.stores.getKeyStorePassword()).isNull();
		assertThat(this.stores.getTrustStore().size()).isZero();
		assertThat(this.stores.getTrustStore()).isSameAs(this.stores.getTrustStore());
	}

	/**
	 * A server that is built from stores asks nobody for a SPIFFE ID. An absent store
	 * would not do, since Tomcat would then look for one in the home directory.
	 */
	@Test
	void keyStoreNeverHasAnything() throws Exception {
		Minted minted = ROOT.mint(ORDERS);
		this.identity.become(minted, ROOT.bundle());
		KeyStore store = this.stores.getKeyStore();
		assertThat(store.size()).isZero();
		String secret = ((ECPrivateKey) minted.privateKey()).getS().toString(16);
		assertThat(List.of(store, this.stores))
			.allSatisfy((each) -> assertThat(each.toString()).doesNotContainIgnoringCase(secret));
		store.setCertificateEntry("added", ROOT.certificate());
		assertThat(this.stores.getKeyStore().size()).isZero();
	}

	@Test
	void trustStoreHasTheAuthoritiesOfTheTrustBundleAndNothingElse() throws Exception {
		SvidMint next = new SvidMint("next");
		this.identity.become(ROOT.mint(ORDERS), SvidMint.bundle(ROOT, next));
		KeyStore store = this.stores.getTrustStore();
		List<Certificate> certificates = new ArrayList<>();
		for (String alias : Collections.list(store.aliases())) {
			assertThat(store.isCertificateEntry(alias)).isTrue();
			certificates.add(store.getCertificate(alias));
		}
		assertThat(certificates).containsExactlyInAnyOrder(ROOT.certificate(), next.certificate());
	}

	/**
	 * A store cannot tell for which trust domain an authority may vouch.
	 */
	@Test
	void trustStoreHasNoAuthorityOfAnotherTrustDomain() throws Exception {
		this.identity.become(ROOT.mint(ORDERS), ROOT.bundle());
		this.identity.federate(new SvidMint("partner").bundleOf(TrustDomain.of("partner.org")));
		KeyStore store = this.stores.getTrustStore();
		assertThat(store.size()).isOne();
		assertThat(store.getCertificateAlias(ROOT.certificate())).isNotNull();
	}

	@Test
	void trustBundleComesBeforeTheSvid() throws Exception {
		this.identity.become(new TlsSnapshot(null, ROOT.bundle()));
		assertThat(this.stores.getKeyStore().size()).isZero();
		assertThat(this.stores.getTrustStore().size()).isOne();
	}

	@Test
	void trustStoreIsNewWhereItsContentIsAndStaysOtherwise() throws Exception {
		this.identity.become(ROOT.mint(ORDERS), ROOT.bundle());
		KeyStore trustStore = this.stores.getTrustStore();
		this.identity.rotate(ROOT.mint(ORDERS));
		assertThat(this.stores.getTrustStore()).isSameAs(trustStore);
		this.identity.trust(SvidMint.bundle(ROOT, new SvidMint("next")));
		assertThat(this.stores.getTrustStore()).isNotSameAs(trustStore);
		assertThat(trustStore.size()).isOne();
	}

	/**
	 * The server is asked every minute, and mostly tells the same.
	 */
	@Test
	void trustBundleThatIsToldAgainMakesNoNewStore() {
		this.identity.become(ROOT.mint(ORDERS), ROOT.bundle());
		KeyStore trustStore = this.stores.getTrustStore();
		this.identity.trust(ROOT.bundle());
		assertThat(this.stores.getTrustStore()).isSameAs(trustStore);
	}

	@Test
	void identityThatWaitsKeepsNobodyElseWaiting() throws Exception {
		WaitingIdentity waiting = new WaitingIdentity();
		SvidStores stores = new SvidStores(waiting);
		CompletableFuture<KeyStore> first = trustStoreForAnotherThread(stores);
		waiting.asked.get(Patience.SECONDS, TimeUnit.SECONDS);
		CompletableFuture<KeyStore> second = trustStoreForAnotherThread(stores);
		try {
			assertThat(second).succeedsWithin(Patience.LIMIT);
			assertThat(first).isNotDone();
		}
		finally {
			waiting.answer.complete(TlsSnapshot.EMPTY);
		}
		assertThat(first.get(Patience.SECONDS, TimeUnit.SECONDS)).isSameAs(second.get());
	}

	private static CompletableFuture<KeyStore> trustStoreForAnotherThread(SvidStores stores) {
		return CompletableFuture.supplyAsync(stores::getTrustStore, (task) -> new Thread(task).start());
	}

	/**
	 * An identity that only answers its first question when a test says so.
	 */
	private static final class WaitingIdentity implements TlsIdentity {

		private final CompletableFuture<Boolean> asked = new CompletableFuture<>();

		private final CompletableFuture<TlsSnapshot> answer = new CompletableFuture<>();

		@Override
		public TlsSnapshot snapshot() {
			return this.asked.complete(true) ? this.answer.join() : TlsSnapshot.EMPTY;
		}

		@Override
		public String absence() {
			return "The test has none";
		}

	}

}

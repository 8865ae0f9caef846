package dev.psat.tlstests.tomcat.storm;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.psat.spire.test.EntrySpec;
import org.jspecify.annotations.Nullable;

/**
 * The registration entry of a member, which federates with the other trust domain.
 * Belongs to one thread.
 */
final class Registration {

	private final Realm realm;

	private final String partner;

	private final Supplier<String> creation;

	private @Nullable String id;

	/**
	 * Create an entry.
	 * @param realm the trust domain
	 * @param partner the name of the other trust domain
	 * @param creation creates the entry, and returns its id
	 */
	Registration(Realm realm, String partner, Supplier<String> creation) {
		this.realm = realm;
		this.partner = partner;
		this.creation = creation;
		restore();
	}

	/**
	 * Change nothing but the revision, so that the member needs another SVID.
	 */
	void renew() {
		change((entry) -> {
		});
	}

	/**
	 * End the federation of this entry alone.
	 */
	void separate() {
		change(EntrySpec::federatesWith);
	}

	private void change(Consumer<EntrySpec> change) {
		if (this.id != null) {
			this.realm.server().entries().change(this.id, change);
		}
	}

	void delete() {
		if (this.id != null) {
			this.realm.server().entries().delete(this.id);
			this.id = null;
		}
	}

	/**
	 * Create the entry if it is gone, and let it federate if its server does.
	 */
	void restore() {
		if (this.id == null) {
			this.id = this.creation.get();
		}
		if (this.realm.server().federation().bundle(this.partner) != null) {
			change((entry) -> entry.federatesWith(this.partner));
		}
	}

}

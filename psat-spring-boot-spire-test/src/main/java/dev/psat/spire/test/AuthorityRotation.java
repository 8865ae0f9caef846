package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

final class AuthorityRotation<A extends AuthorityRotation.Authority> {

	private final Supplier<A> factory;

	private final List<A> trusted = new ArrayList<>();

	private A active;

	private @Nullable A prepared;

	private @Nullable A old;

	AuthorityRotation(A first, Supplier<A> factory) {
		this.factory = factory;
		this.active = first;
		this.trusted.add(first);
	}

	synchronized void prepare() {
		Assert.state(this.prepared == null, "An authority is already prepared");
		A authority = this.factory.get();
		this.prepared = authority;
		this.trusted.add(authority);
	}

	synchronized void activate() {
		A next = this.prepared;
		Assert.state(next != null, "No authority is prepared");
		this.old = this.active;
		this.active = next;
		this.prepared = null;
	}

	synchronized void taint() {
		A authority = old();
		Assert.state(!authority.isTainted(), "The old authority is already tainted");
		authority.taint();
	}

	synchronized void revoke() {
		A authority = old();
		Assert.state(authority.isTainted(), "The old authority is not tainted");
		this.trusted.remove(authority);
		this.old = null;
	}

	private A old() {
		A authority = this.old;
		Assert.state(authority != null, "No authority was active before");
		return authority;
	}

	synchronized A active() {
		return this.active;
	}

	synchronized List<A> trusted() {
		return List.copyOf(this.trusted);
	}

	interface Authority {

		boolean isTainted();

		void taint();

	}

}

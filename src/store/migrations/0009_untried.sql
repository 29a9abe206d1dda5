-- A user's next event is found by the number after the last one that was tried: this one is not asked any more.
drop index outbox_untried;

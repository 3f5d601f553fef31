"""Who may see and change what: the only answer.

Everything else asks here and derives: list, page, count, facet, search, export, map, PDF, mail and
button. django-guardian holds the grants, at three levels: the seat of a unit under a protocol
(`protocols.Participation`), a restricted report named to a unit (`ReportGroupGrant`), a report
opened to one person until a day, invited or having asked (`ReportMemberGrant`). What an owner
shows to another department (`ReportShare`) is read by the seats of that one. The report only says
which level speaks, and forgetting hides.

One idea a module, each resting on those before it: `seats`, `rule`, `handling`, `abilities`,
`audience`, `askings`, `hanging`, `unit_work`, `matching`, `places`, `figures`, `own`, `notices`.
Whoever asks says `access.x`, wherever x lives.
"""

from intel.access.abilities import (
    MOVABLE,
    answerable_reports,
    commentable_reports,
    completable_reports,
    directable_reports,
    discardable_reports,
    editable_reports,
    enrichable_reports,
    erasable_reports,
    evaluable_reports,
    gradable_reports,
    invitable_reports,
    may_make,
    own_reports,
    restricted_reports_of,
    shareable_reports,
    transferable_reports,
    triable_reports,
    with_abilities,
)
from intel.access.askings import (
    access_requests_of_ours,
    accords_of_ours,
    asked_accords,
    confirmable_releases,
    correctable_reports,
    corrections_of_ours,
    decidable_access_requests,
    decidable_accords,
    decidable_corrections,
    decidable_handovers,
    decidable_releases,
    endable_invitations,
    endable_shares,
    handover_targets,
    handovers_by_us,
    handovers_to_us,
    invitable_members,
    invitations_to,
    own_access_requests,
    own_accords,
    own_corrections,
    own_releases,
    owner_answers,
    readable_corrections,
    releases_by_a_first_person,
    releases_of_ours,
    takers_of,
    withdrawable_access_requests,
    withdrawable_accords,
    withdrawable_corrections,
    withdrawable_handovers,
    withdrawable_releases,
)
from intel.access.audience import (
    audience_of,
    guests_of,
    invitations_of,
    lookable_units,
    mentionable_units,
    nameable_units,
    names_everybody,
    open_audience_of,
)
from intel.access.contributions import (
    brought_reports,
    common_reports,
    hands_in,
    unfinished_contributions,
    worded_contributions,
)
from intel.access.deconfliction import (
    checked_departments,
    cited_identifiers,
    coordinated_hits,
    editable_events,
    own_identifiers,
    own_silences,
    pointed_identifiers,
    readable_checks,
    readable_events,
    targets_of,
    told_hits,
    units_to_call,
    waiting_hits,
)
from intel.access.desk import (
    assignable_members,
    bulk_steps,
    forgettable_reports,
    is_forgettable,
)
from intel.access.figures import (
    buildable_departments,
    checked_summaries,
    countable_reports,
    exportable_summaries,
    own_prints,
    printable_editions,
    readable_editions,
    readable_openness,
    readable_summaries,
    revisable_summaries,
    summary_departments,
    writable_editions,
)
from intel.access.handling import held_reports, leaves_unit_freely, leaving, stays_in_unit
from intel.access.hanging import (
    attestable_raw_texts,
    editable_annexes,
    holds_attachments,
    readable_annexes,
    readable_attachments,
    readable_raw_texts,
    reads_source,
    removable_amounts,
    removable_attachments,
    removable_complements,
    removable_identifiers,
    reserved_attachments,
    units_of_annex,
    untold_tenures,
)
from intel.access.matching import (
    endable_values,
    listed_values,
    matchable_reports,
    readable_matches,
    undoable_matches,
)
from intel.access.notices import (
    bringers_of,
    followings_of,
    readable_notifications,
    readers_of,
    told_of,
    unseen_notifications,
)
from intel.access.own import (
    discarded_reports,
    failed_builds,
    own_jobs,
    own_lists,
    readable_imports,
)
from intel.access.places import (
    citable_places,
    editable_places,
    leaving_places,
    listed_places,
    observations,
    own_places,
    readable_observations,
    readable_operations,
    readable_places,
    removable_observations,
    removable_operations,
    workable_places,
)
from intel.access.rule import (
    Why,
    followed_reports,
    is_in_his_area,
    listed_reports,
    open_reports,
    read_by_unit,
    readable_reports,
    reason,
    seen_by_unit,
    shared_reports,
    why_readable,
)
from intel.access.same_fact import told_with, with_links
from intel.access.searches import (
    changeable_searches,
    may_share_searches,
    own_searches,
    restorable_searches,
    running_alerts,
    told_by_alerts,
)
from intel.access.seats import contributes, contributes_in, permission_id, standing
from intel.access.taskings import (
    decidable_referrals,
    directed_taskings,
    own_taskings,
    referable_reports,
    told_taskings,
)
from intel.access.unit_work import (
    colleagues,
    doable_tasks,
    kept_notes,
    kept_tasks,
    readable_notes,
    readable_tasks,
    removable_notes,
    removable_tasks,
    units_in_charge,
    workable_reports,
    worked_reports,
    works_on,
)

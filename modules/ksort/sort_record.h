/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the core: records by a key inside them. */
#ifndef KMB_SORT_RECORD_H
#define KMB_SORT_RECORD_H

#include "sort_core.h"

/* Scratch of a sort of @n records, given that of @n words of 64 bits. */
size_t sort_record_scratch(size_t n, size_t record, size_t words);

/* Sorts job->n records with job->layout, stable, by @sort for words (SORT_U64). */
int sort_records(const struct sort_job *job, const struct sort_variant *variant);

#endif /* KMB_SORT_RECORD_H */

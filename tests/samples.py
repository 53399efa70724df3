"""Tiny sources for the tests of importing, in the formats in which their publishers offer them.

The substances are invented (examplol, quietol, blockerine, mirrorol, solitarin), all but baclofen, naloxone and tizanidine, which
stand by their real ids. Of the rows about these three, baclofen's are as the ontology cites them and the others are invented.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

EXAMPLOL, MIRROROL, OTHER_MIRROROL = "EXAMPLOLAAAAAA-UHFFFAOYSA-N", "MIRROROLAAAAAA-UHFFFAOYSA-N", "MIRROROLBBBBBB-UHFFFAOYSA-N"
BACLOFEN = "KPYSYYIEGFHWSV-UHFFFAOYSA-N"

INTERACTIONS = (
    "target,target_id,target_gene_symbol,target_uniprot,target_ensembl_gene_id,target_ligand,target_ligand_id,"
    "target_ligand_gene_symbol,target_ligand_ensembl_gene_id,target_ligand_uniprot,target_ligand_pubchem_sid,target_species,ligand,"
    "ligand_id,ligand_gene_symbol,ligand_species,ligand_pubchem_sid,approved_drug,type,action,action_comment,selectivity,endogenous,"
    "primary_target,concentration_range,affinity_units,affinity_high,affinity_median,affinity_low,original_affinity_units,"
    "original_affinity_low_nm,original_affinity_median_nm,original_affinity_high_nm,original_affinity_relation,assay_description,"
    "receptor_site,ligand_context,pubmed_id"
)
LIGANDS = (
    "Ligand id,Name,Species,Type,Approved,Withdrawn,Labelled,Radioactive,PubChem SID,PubChem CID,UniProt id,IUPAC name,INN,Synonyms,"
    "SMILES,InChIKey,InChI,GtoImmuPdb,GtoMPdb"
)
FAMILIES = (
    "Type,Family id,Family name,Target id,Target name,Subunits,Target systematic name,Target abbreviated name,synonyms,HGNC id,"
    "HGNC symbol,HGNC name,Human SwissProt,Rat SwissProt,Mouse SwissProt"
)
ACTS = (
    "DRUG_NAME,STRUCT_ID,TARGET_NAME,TARGET_CLASS,ACCESSION,GENE,SWISSPROT,ACT_VALUE,ACT_UNIT,ACT_TYPE,ACT_COMMENT,ACT_SOURCE,RELATION,"
    "MOA,MOA_SOURCE,ACT_SOURCE_URL,MOA_SOURCE_URL,ACTION_TYPE,TDL,ORGANISM"
)
STRUCTURES = "SMILES,InChI,InChIKey,ID,INN,CAS_RN"
MECHANISMS = "action_type,mechanism_of_action,molecule_chembl_id,target_chembl_id"


def write(path: Path, header: str, rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> Path:
    """Write a table, gzipped where its name says so: rows give the cells that matter, the others are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header.split(","), delimiter=delimiter, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def gtopdb(folder: Path) -> list[Path]:
    """Write the three files of Guide to PHARMACOLOGY: seven interactions, of which two are left out, five ligands, four targets."""

    def act(ligand: int, target: str, kind: str, action: str, primary: str, **more: str) -> dict[str, str]:
        named = {"ligand_id": str(ligand), "target_id": target, "type": kind, "action": action, "primary_target": primary}
        return {"target_species": "Human", **named, **more}

    measure = {"affinity_units": "pKi", "affinity_high": "6.19999980926514", "affinity_low": "4.30000019073486"}
    interactions = [
        act(1084, "242", "Agonist", "Full agonist", "t", target_uniprot="Q9UBS5|O75899", pubmed_id="11082110|12663046", **measure),
        act(9101, "319", "Agonist", "Full agonist", "t", target_uniprot="P35372"),
        act(9102, "319", "Antagonist", "Antagonist", "f", target_uniprot="P35372", affinity_units="pKi", affinity_median="7"),
        act(9103, "30", "Antagonist", "Antagonist", "t", target_uniprot="P13945"),
        act(9103, "9001", "Antagonist", "Antagonist", "t", target_uniprot="P90001"),
        act(9103, "", "Binding", "Binding", "f"),
        act(9199, "319", "Agonist", "Agonist", "t"),
    ]
    ligands = [
        {"Ligand id": "1084", "Name": "baclofen", "Approved": "yes", "InChIKey": BACLOFEN, "Synonyms": "Baclon&reg;|Lioresal&reg;"},
        {"Ligand id": "9101", "Name": "examplol", "INN": "examplol", "InChIKey": EXAMPLOL, "Synonyms": "Examplin&reg;"},
        {"Ligand id": "9102", "Name": "quietol"},
        {"Ligand id": "9103", "Name": "blockerine"},
        {"Ligand id": "9104", "Name": "mirrorol", "INN": "mirrorol", "InChIKey": MIRROROL},
        {"Ligand id": "9105", "Name": "idle compound"},
    ]
    rows = [
        ("26", "GABA<sub>B</sub> receptors", "242", "GABA<sub>B</sub> receptor", ""),
        ("50", "Opioid receptors", "319", "&mu; receptor", "P35372"),
        ("4", "Adrenoceptors", "30", "&beta;<sub>3</sub>-adrenoceptor", "P13945"),
        ("9001", "Sample receptors", "9001", "S<sub>1</sub> receptor", "P90001"),
    ]
    columns = ("Family id", "Family name", "Target id", "Target name", "Human SwissProt")
    families = [{"Type": "gpcr", **dict(zip(columns, row, strict=True))} for row in rows]
    return [
        write(folder / "interactions.csv", INTERACTIONS, interactions),
        write(folder / "ligands.csv.gz", LIGANDS, ligands),
        write(folder / "targets_and_families.csv", FAMILIES, families),
    ]


def drugcentral(folder: Path) -> list[Path]:
    """Write the two files of DrugCentral: nine interactions, of which one is left out, and six structures."""

    def act(name: str, struct: int, target: str, accession: str, moa: str = "", action: str = "", **more: str) -> dict[str, str]:
        named = {"DRUG_NAME": name, "STRUCT_ID": str(struct), "TARGET_NAME": target, "ACCESSION": accession}
        return {**named, "MOA": moa, "ACTION_TYPE": action, "ORGANISM": "Homo sapiens", **more}

    measure = {"ACT_VALUE": "7.46", "ACT_TYPE": "IC50", "RELATION": "="}
    rows = [
        act("baclofen", 282, "GABA-B receptor", "O75899|Q9UBS5", "1", "AGONIST", **measure),
        act("baclofen", 282, "Adenosine receptor A3", "P0DMS8", ACT_VALUE="7.3", ACT_TYPE="IC50", RELATION="="),
        act("examplol", 9282, "Mu-type opioid receptor", "P35372", "1", "AGONIST"),
        act("examplol hydrochloride", 9284, "Sodium-dependent serotonin transporter", "P31645", "1", "INHIBITOR"),
        act("solitarin", 9283, "5-hydroxytryptamine receptor 2A", "P28223", "1", "ANTAGONIST", ACT_VALUE="8", ACT_TYPE="Ki", RELATION="="),
        act("solitarin", 9283, "5-hydroxytryptamine receptor 2A", "P14842", "1", "ANTAGONIST", ORGANISM="Rattus norvegicus"),
        act("solitarin", 9283, "DNA", "", "1", "ALKYLATING AGENT"),
        act("mirrorol", 9285, "Mu-type opioid receptor", "P35372", "1", "ANTAGONIST"),
        act("tizanidine", 2683, "Mu-type opioid receptor", "P35372", "1", "ANTAGONIST"),
    ]
    known = [
        (BACLOFEN, "282", "baclofen", "1134-47-0"),
        (EXAMPLOL, "9282", "examplol", "99999-01-1"),
        ("EXAMPLOLSALTAA-UHFFFAOYSA-N", "9284", "examplol hydrochloride", ""),
        ("SOLITARINAAAAA-UHFFFAOYSA-N", "9283", "solitarin", ""),
        (OTHER_MIRROROL, "9285", "mirrorol", ""),
        ("XFYDIVBRZNQMJC-UHFFFAOYSA-N", "2683", "tizanidine", "51322-75-9"),
    ]
    structures = [dict(zip(("InChIKey", "ID", "INN", "CAS_RN"), row, strict=True)) for row in known]
    return [
        write(folder / "drug.target.interaction.tsv.gz", ACTS, rows, "\t"),
        write(folder / "structures.smiles.tsv", STRUCTURES, structures, "\t"),
    ]


def chembl(folder: Path) -> list[Path]:
    """Write the file of ChEMBL: four mechanisms, one without a target; one molecule is no drug of anybody's."""
    rows = [
        ("AGONIST", "GABA-B receptor agonist", "CHEMBL701", "CHEMBL2111463"),
        ("BINDING AGENT", "Mu opioid receptor binding agent", "CHEMBL80", "CHEMBL99233"),
        ("AGONIST", "Mu opioid receptor agonist", "CHEMBL99001", "CHEMBL99233"),
        ("AGONIST", "Unknown", "CHEMBL80", ""),
    ]
    return [write(folder / "mechanisms.csv", MECHANISMS, [dict(zip(MECHANISMS.split(","), row, strict=True)) for row in rows])]
